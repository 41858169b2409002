"""Evidence: every fact of the sources beside the model, measured and reported; nothing is fitted here.

The facts stand in `facts.csv`, with what each may be used for; what of the model stands beside each is declared once, in
`survey`, `basque`, `red_productiva` and `declared`. `evidence` measures them.
"""

from clustersim.studies.evidence.measuring import FULL, MEASURES, QUICK, Evidence, evidence
from clustersim.studies.evidence.result import counted

__all__ = ["FULL", "MEASURES", "QUICK", "Evidence", "counted", "evidence"]

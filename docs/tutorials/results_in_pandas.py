"""The tables of a run and of a comparison as pandas frames.

Run it from anywhere; it writes into ``results/`` below the working folder. A number after its name changes the replicates:
``python results_in_pandas.py 5``.
"""

import sys
from pathlib import Path

import pandas as pd

from clustersim import compare, read_comparison, read_result, simulate, write_comparison, write_result

REPLICATES = int(sys.argv[1]) if len(sys.argv) > 1 else 50

# 1. A run leaves one row for each replicate, cluster and quarter; every indicator is a column with a unit.
result = simulate("organic", replicates=REPLICATES, years=10, name="organic")
folder = write_result(result, Path("results") / result.folder_name)
indicators = read_result(folder).indicators
print(indicators[["replicate", "year", "phase", "employment", "trust"]].tail(3), "\n")
print("unit of sales:", indicators.attrs["units"]["sales"])

# 2. Distributions, never a bare mean: percentiles over replicates, year by year.
bands = indicators.groupby("year")["employment"].quantile([0.1, 0.5, 0.9]).unstack()
print(bands.iloc[3::8].round(0), "\n")

# 3. Which replicates developed, and did they trust more early on?
developed = indicators[indicators["phase"].isin(["development", "maturity"])]["replicate"].unique()
early = indicators[indicators["quarter"] == 11].set_index("replicate")["trust"]
print("developed:", len(developed), "of", REPLICATES)
print(early.groupby(early.index.isin(developed)).describe()[["count", "50%"]].rename_axis("developed"), "\n")

# 4. A comparison leaves outcomes by option and replicate, paired by the number of the replicate ...
found = compare(["no_policy", "designed"], replicates=REPLICATES, years=10)
folder = write_comparison(found, Path("results") / found.folder_name)
runs = read_comparison(folder).runs
wide = runs.pivot(index="replicate", columns="option", values="jobs")
difference = wide["designed"] - wide["no_policy"]
print(difference.describe(percentiles=[0.1, 0.5, 0.9]).round(1), "\n")

# ... which is what differences.parquet holds for all outcomes.
stored = pd.read_parquet(folder / "differences.parquet")
assert stored["jobs"].equals(difference.reset_index(drop=True).rename("jobs"))

# 5. What pairing buys: the spread of paired differences against that of independent ones.
independent = wide["designed"] - wide["no_policy"].sample(frac=1.0, random_state=1).to_numpy()
print(f"standard deviation of the difference in jobs: {difference.std():.0f} paired, {independent.std():.0f} unpaired")

# 6. Yearly series of both options, for your own figures; the same files open in DuckDB or R.
yearly = pd.read_parquet(folder / "yearly.parquet")
print(yearly.groupby(["option", "year"], observed=True)["linked_share"].median().unstack("option").round(3).tail(3))

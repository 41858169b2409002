"""A first comparison: does a programme help a cluster, at what public cost, and how surely?

Run it from anywhere; it writes into ``results/`` below the working folder. A number after its name changes the replicates:
``python first_comparison.py 20``.
"""

import sys
from pathlib import Path

from clustersim import compare, load_scenario, write_comparison
from clustersim.studies.comparison import verdict

REPLICATES = int(sys.argv[1]) if len(sys.argv) > 1 else 100

# 1. The options. "no_policy" is a valley with three tractor firms and sixty SMEs, left to itself; "designed" is the same valley
#    with a programme from above. A third option is a change of the second: the facilitator stays for ten years instead of five.
longer = load_scenario("designed", ["programme.stages.awareness.instruments.facilitator.quarters=40"])
longer = longer.model_copy(update={"title": "Designed, facilitator for ten years"})

# 2. Run them. Replicate k of all three shares its random draws, so that they differ only by what the programme changes.
found = compare(
    {"no_policy": "no_policy", "designed": "designed", "longer": longer}, replicates=REPLICATES, years=20, seed=7,
)  # fmt: skip

# 3. The answer in two sentences, and what it rests on.
said = verdict(found)
print(*said.sentences, said.rests_on, sep="\n")

# 4. The same as numbers. Differences are paired by replicate: a mean with its 90 % interval, and where single replicates fall.
for option in found.interventions:
    jobs = found.answers["differences"][option]["jobs"]
    print(f"\n{option}: {jobs['estimate']:+.0f} jobs, 90 % interval {jobs['low']:+.0f} to {jobs['high']:+.0f}")
    print(f"  single replicates, 10th to 90th percentile: {jobs['p10']:+.0f} to {jobs['p90']:+.0f}")
    paid = found.answers["money"][option]
    print(f"  public money, discounted: {paid['public_cost']['estimate']:.0f} thousand USD")
    if paid["jobs_per_million"] is not None:
        print(f"  jobs per million USD: {paid['jobs_per_million']['estimate']:.0f}")

# 5. How sure is it that the longer facilitation beats the shorter? Do not ask whether two bands overlap: ask the pairs.
chance = found.answers["chances"]["longer"]["designed"]
print(f"\nlonger beats designed in {chance['wins']} of {chance['of']} pairs ({chance['ties']} ties): ", end="")
print(f"a chance of {chance['estimate']:.0%}, 90 % interval {chance['low']:.0%} to {chance['high']:.0%}")

# 6. Keep it. `clustersim report FOLDER` makes the page to read and print; figures come with `clustersim compare`.
folder = write_comparison(found, Path("results") / found.folder_name)
print(f"\nResult: {folder}")

"""Draw the ratios of a file of results: plot.py FILE.json makes FILE.png."""

import json
from pathlib import Path
import sys

from matplotlib import pyplot as plt

file = Path(sys.argv[1])
content = json.loads(file.read_text())
ratios = [ratio for section in content["sections"] for ratio in section["ratios"]]
names = [f"{ratio['ours']}\n/ {ratio['other']}" for ratio in ratios]

figure, axes = plt.subplots(figsize=(11, 1 + 0.5 * len(ratios)))
bars = axes.barh(names, [ratio["ratio"] for ratio in ratios], color="#4477aa")
axes.bar_label(bars, fmt=" %.2f")
for bar, ratio in zip(bars, ratios, strict=True):
    if ratio["target"] is not None:
        axes.plot(
            [ratio["target"]] * 2,
            [bar.get_y(), bar.get_y() + bar.get_height()],
            color="#ee6677",
            linewidth=3,
        )
axes.axvline(1, color="black", linewidth=0.5)
axes.invert_yaxis()
axes.set_xlabel("ratio within one run; red is what it should be at most")
axes.set_title(
    f"Home Assistant {content['machine']['homeassistant']}, "
    f"{content['machine']['processor']}",
    fontsize="medium",
)
figure.tight_layout()
figure.savefig(file.with_suffix(".png"), dpi=100)

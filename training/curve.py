"""Draws the learning curve of a run as SVG: bits per byte of held-out source by tokens read.

    python3 curve.py WORK/NAME.log CURVE.svg
"""

import json
import sys
from pathlib import Path

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 360, 56, 44
COLORS = {
    "typescript": "#3178c6",
    "python": "#b8860b",
    "javascript": "#5a8f29",
    "go": "#00758f",
    "rust": "#a0522d",
    "java": "#b03060",
}


def main(log: Path, out: Path) -> None:
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    points = [(line["tokens"] / 1e6, line["bits_per_byte"]) for line in lines if "bits_per_byte" in line]
    highest = max(x for x, _ in points)
    languages = [one for one in COLORS if all(one in by_language for _, by_language in points)]
    values = [by_language[one] for _, by_language in points for one in languages]
    low, high = min(values) - 0.02, max(values) + 0.02

    def at(x: float, y: float) -> str:
        return f"{LEFT + x / highest * (WIDTH - LEFT - 90):.1f},{HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - BOTTOM - 16):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">million tokens</text>',
        f'<text x="14" y="{HEIGHT / 2}" transform="rotate(-90 14 {HEIGHT / 2})" text-anchor="middle">bits per byte, held-out packages</text>',
    ]
    for i in range(6):
        x, y = highest * i / 5, low + (high - low) * i / 5
        parts.append(
            f'<text x="{at(x, low).split(",")[0]}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{x:.0f}</text>'
        )
        parts.append(f'<text x="{LEFT - 6}" y="{at(0, y).split(",")[1]}" text-anchor="end">{y:.2f}</text>')
        parts.append(f'<polyline points="{at(0, y)} {at(highest, y)}" stroke="#ddd"/>')
    for language in languages:
        colour = COLORS[language]
        line = " ".join(at(x, by_language[language]) for x, by_language in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = at(points[-1][0], points[-1][1][language]).split(",")
        parts.append(
            f'<text x="{float(x) + 6}" y="{y}" fill="{colour}">{language} {points[-1][1][language]:.3f}</text>'
        )
    out.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))

#!/usr/bin/env python3
"""field.py FOLDER BIN FLOORS: scores the folders that FLOORS names, and fails where fewer cases are right than it says."""
import json
import re
import subprocess
import sys

folder, binary, floors = sys.argv[1:]
below = []
for name, floor in json.load(open(floors)).items():
    score = subprocess.run([sys.executable, f"{folder}/score.py", f"{folder}/{name}", binary],
                           capture_output=True, text=True)
    right = re.search(r"^field: (\d+)/(\d+)$", score.stdout, re.M)
    if not right:
        sys.exit(f"field: {name} could not be scored: {score.stderr}")
    print(f"field: {name}: {right[1]} of {right[2]}, floor {floor}")
    if int(right[1]) < floor:
        below.append(name)
        print(score.stdout)
if below:
    sys.exit("field: below the floor: " + ", ".join(below))

"""Runs the examples of the documentation one after the other. Prints what they leave as JSON.

Usage: google_page.py PAGE URL TOKEN-FILE PACKAGE FOLDER
"""

import contextlib
import io
import json
import re
import sys

page, url, token, package, folder = sys.argv[1:]
with open(page, encoding="utf-8") as file:
    text = file.read()
for written, meant in (
    ("http://127.0.0.1:8470", url),
    ("/path/to/the/data/directory/token", token),
    ("/srv/packages/trainer-0.1.tar.gz", package),
    ("/srv/output", folder),
):
    assert written in text, written
    text = text.replace(written, meant)
examples = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
names = {"evaluate": lambda parameters: (parameters[0]["floatValue"] - 0.1) ** 2}
said = io.StringIO()
with contextlib.redirect_stdout(said):
    for example in examples:
        exec(example, names)
print(
    json.dumps(
        {
            "examples": len(examples),
            "said": said.getvalue(),
            "job": names["job"]["jobId"],
            "best": names["best"][0]["name"],
        }
    )
)

#!/usr/bin/env bash
# openpyxl: a cell's link that is given to a cell of another sheet moves in its own sheet: the cases' links change rows.
#
# Expected: `new.hyperlink = old.hyperlink` gives the new cell a link to the same place, and the old one keeps its own.
# The property is described as "Return the hyperlink target or an empty string", and a comment, which could not be
# shared either, is copied when it is assigned.
# Seen: it returns an object, and to assign it writes the new cell's address into it, which is all that is saved of
# where a link stands. Who copies the rows of some cases to a second sheet saves a first sheet in which row 1 opens the
# folder of case 2, row 2 that of case 4, and rows 4 and 5 nothing. The second sheet is right, no error comes, and until
# the workbook is read again each cell shows its own target. `copy(old.hyperlink)` or `old.hyperlink.target` are safe.
#
# Version: openpyxl 3.1.5.
# Output seen:
#   not saved yet: C1 casos/C1/, C2 casos/C2/, C3 casos/C3/, C4 casos/C4/, C5 casos/C5/
#   saved, first sheet: C1 casos/C2/, C2 casos/C4/, C3 casos/C5/, C4 nothing, C5 nothing
#   saved, second sheet: C2 casos/C2/, C4 casos/C4/, C5 casos/C5/
#   saved, links copied with copy(), first sheet: C1 casos/C1/, C2 casos/C2/, C3 casos/C3/, C4 casos/C4/, C5 casos/C5/
#   a comment, assigned: copied
set -euo pipefail
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet openpyxl==3.1.5
cat > links.py <<'PYTHON'
from copy import copy

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment


def show(what, sheet):
    links = ((cell.value, cell.hyperlink.target if cell.hyperlink else "nothing") for (cell,) in sheet.rows)
    print(f"{what}: {', '.join(f'{name} {link}' for name, link in links)}")


def copied(way):  # the cases that are not done yet, on a sheet of their own
    book = load_workbook("report.xlsx")
    cases, pending = book["Cases"], book.create_sheet("Pending")
    for row, old in enumerate((cases["A2"], cases["A4"], cases["A5"]), 1):
        new = pending.cell(row, 1, old.value)
        new.hyperlink = way(old.hyperlink)
    return book


book = Workbook()
book.active.title = "Cases"
for row in range(1, 6):
    book.active.cell(row, 1, f"C{row}").hyperlink = f"casos/C{row}/"
book.save("report.xlsx")

book = copied(lambda link: link)
show("not saved yet", book["Cases"])
book.save("assigned.xlsx")
book = load_workbook("assigned.xlsx")
show("saved, first sheet", book["Cases"])
show("saved, second sheet", book["Pending"])
copied(copy).save("copied.xlsx")
show("saved, links copied with copy(), first sheet", load_workbook("copied.xlsx")["Cases"])

sheet = Workbook().active
sheet["A1"].comment = Comment("x", "y")
sheet["A2"].comment = sheet["A1"].comment
print(f"a comment, assigned: {'shared' if sheet['A2'].comment is sheet['A1'].comment else 'copied'}")
PYTHON
venv/bin/python links.py > found
diff found - <<<"$seen"
echo "$seen"

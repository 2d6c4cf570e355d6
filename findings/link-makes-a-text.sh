#!/usr/bin/env bash
# exceljs: to open a workbook and save it makes a text of each number, date and formula that has a link.
#
# Expected: a cell has a value and may have a link beside it, as in the file: what nobody touches is saved as it was,
# and a link that exceljs did not understand would be lost, not the value.
# Seen: a link makes the cell one of a kind of its own, with the value as its "text", whatever type that has, and it is
# saved as text. A date becomes what JavaScript shows for it, which in Lima is the evening of the day before; of a
# formula the last result is left. A sum over such cells is 0. Nothing is said, and number formats stay as they were.
# SheetJS keeps all four, and so does exceljs where the cell has no link.
#
# Versions: exceljs 4.4.0 and @e965/xlsx 0.20.3 (SheetJS) on Node.js 20, XlsxWriter 3.3.1, openpyxl 3.1.5.
# Output seen:
#   exceljs, no link: 45012317, 2026-11-18, True, =A1*2
#   exceljs, link: '45012317', 'Tue Nov 17 2026 19:00:00', 'true', '90024634'
#   SheetJS, link: 45012317, 2026-11-18, True, =A1*2
set -euo pipefail
node --version | grep -q '^v20\.' || { echo "needs Node.js 20"; exit 1; }
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet openpyxl==3.1.5 XlsxWriter==3.3.1
npm install --silent --no-fund --no-audit exceljs@4.4.0 @e965/xlsx@0.20.3 >log 2>&1
cat > write.py <<'PYTHON'
import datetime

import xlsxwriter

for name in ("plain", "linked"):
    with xlsxwriter.Workbook(f"{name}.xlsx") as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for column in range(4 if name == "linked" else 0):
            sheet.write_url(0, column, f"https://portal.example/{column}")
        sheet.write_number(0, 0, 45012317)
        sheet.write_datetime(0, 1, datetime.date(2026, 11, 18), day)
        sheet.write_boolean(0, 2, True)
        sheet.write_formula(0, 3, "=A1*2", None, 90024634)
PYTHON
cat > save.js <<'JAVASCRIPT'
const exceljs = require("exceljs"), sheetjs = require("@e965/xlsx");

(async () => {
  for (const name of ["plain", "linked"]) {
    const book = new exceljs.Workbook();
    await book.xlsx.readFile(`${name}.xlsx`);
    await book.xlsx.writeFile(`${name}-exceljs.xlsx`);
    sheetjs.writeFile(sheetjs.readFile(`${name}.xlsx`, { cellNF: true }), `${name}-sheetjs.xlsx`);
  }
})();
JAVASCRIPT
cat > read.py <<'PYTHON'
import datetime

from openpyxl import load_workbook


def show(what, name):
    cells = load_workbook(name).active[1]
    values = (cell.value.date() if isinstance(cell.value, datetime.datetime) else cell.value for cell in cells)
    texts = (repr(one.split(" GMT")[0]) if cell.data_type == "s" else str(one) for cell, one in zip(cells, values))
    print(f"{what}: {', '.join(texts)}")


show("exceljs, no link", "plain-exceljs.xlsx")
show("exceljs, link", "linked-exceljs.xlsx")
show("SheetJS, link", "linked-sheetjs.xlsx")
PYTHON
venv/bin/python write.py
TZ=America/Lima node save.js
venv/bin/python read.py > found
diff found - <<<"$seen"
echo "$seen"

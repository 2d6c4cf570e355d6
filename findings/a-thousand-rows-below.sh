#!/usr/bin/env bash
# LibreOffice: what empty cells were prepared with, as text or with a list to choose from, is saved to .xlsx only as
# far as a thousand rows below the last value.
#
# Expected: a list prepared for 5,000 cases (cells formatted as text, so that 007 stays 007, and with a drop-down list)
# comes back prepared for 5,000 when somebody fills in the first rows with LibreOffice and saves it as .xlsx.
# Seen: what is saved ends with the last row that has a value, plus 1,000: a template with nothing but headers ends at
# row 1001. Nothing is said, and the open document still has it all, as .fods shows, which loses nothing. Further down,
# a 007 that is typed becomes 7, and any word is taken. A conditional format over the same cells is kept whole, and so
# is a number format of the whole column; a drop-down list is not, also where it was set for the whole column. So a
# template that may come back from LibreOffice is prepared for no more than 1,000 rows below its headers.
#
# Versions: Debian's LibreOffice Calc 7.4.7, openpyxl 3.1.5.
# Output seen:
#   0 cases, .xlsx: text to row 1001, list to row 1001, conditional format to row 5001, text column whole
#   5 cases, .xlsx: text to row 1006, list to row 1006, conditional format to row 5001, text column whole
#   300 cases, .xlsx: text to row 1301, list to row 1301, conditional format to row 5001, text column whole
#   5 cases, .fods: list to row 5001
#   5 cases, list for the whole column, .xlsx: list to row 1006
set -euo pipefail
has() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null | grep -qF "$2" || { echo "needs $1 $2"; exit 1; }; }
has libreoffice-calc 7.4.7
seen=$(sed -n 's/^#   //p' "$0"); folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet openpyxl==3.1.5
cat > prepared.py <<'PYTHON'
import subprocess, xml.etree.ElementTree as xml
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def saved(cases, kind, last=5001):  # by LibreOffice
    book = Workbook()
    sheet = book.active
    sheet.append(["Code", "Answer", "Note"])
    for row in range(2, 5002):
        sheet.cell(row, 1, "007" if row < cases + 2 else None).number_format = "@"
    choice = DataValidation(type="list", formula1='"Yes,No"', showErrorMessage=True)
    choice.add(f"B2:B{last}")
    sheet.add_data_validation(choice)
    sheet.conditional_formatting.add("B2:B5001", FormulaRule(['$B2="No"'], fill=PatternFill(bgColor="FFC7CE")))
    sheet.column_dimensions["C"].number_format = "@"
    book.save("list.xlsx")
    convert = ["soffice", f"-env:UserInstallation={Path('profile').absolute().as_uri()}", "--headless"]
    subprocess.run([*convert, "--convert-to", kind, "--outdir", "out", "list.xlsx"], check=True, capture_output=True)
    return f"out/list.{kind}"


def list_end(sheet):
    return max(area.max_row for one in sheet.data_validations.dataValidation for area in one.sqref.ranges)


for cases in (0, 5, 300):
    sheet = load_workbook(saved(cases, "xlsx")).active
    text = max(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).number_format == "@")
    conditional = max(area.max_row for one in sheet.conditional_formatting for area in one.sqref.ranges)
    whole = "whole" if sheet.column_dimensions["C"].number_format == "@" else "lost"
    print(f"{cases} cases, .xlsx: text to row {text}, list to row {list_end(sheet)}, "
          f"conditional format to row {conditional}, text column {whole}")
row = end = 0
for line in xml.parse(saved(5, "fods")).iter(f"{TABLE}table-row"):
    row += int(line.get(f"{TABLE}number-rows-repeated", 1))
    end = row if any(cell.get(f"{TABLE}content-validation-name") for cell in line) else end
print(f"5 cases, .fods: list to row {end}")
end = list_end(load_workbook(saved(5, "xlsx", last=1048576)).active)
print(f"5 cases, list for the whole column, .xlsx: list to row {end}")
PYTHON
venv/bin/python prepared.py > found
diff found - <<<"$seen"
echo "$seen"

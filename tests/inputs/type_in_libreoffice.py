"""Types into a workbook in LibreOffice and saves it there, as a person does.

For a Python that has LibreOffice's ``uno``, which need not be the one of the tests:
``python type_in_libreoffice.py BOOK OUT`` with ``{"B2": "what is typed", …}`` on standard input.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def option(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connect(address, office):
    """LibreOffice's desktop, once it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    while office.poll() is None:
        try:
            context = resolver.resolve(f"uno:{address};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
        else:
            return context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )
    raise SystemExit("LibreOffice did not start")


def main(book, out, typed):
    with TemporaryDirectory() as profile:
        address = f"pipe,name={Path(profile).name}"
        office = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--norestore",
                f"--accept={address};urp",
            ]
        )
        try:
            desktop = connect(address, office)
            document = desktop.loadComponentFromURL(
                Path(book).as_uri(), "_blank", 0, (option("Hidden", True),)
            )
            sheet = document.Sheets.getByName("Casos")
            for place, text in typed.items():
                sheet.getCellRangeByName(place).FormulaLocal = text
            document.storeToURL(
                Path(out).as_uri(), (option("FilterName", "Calc MS Excel 2007 XML"),)
            )
            document.close(True)
        finally:
            office.terminate()
            office.wait(30)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.load(sys.stdin))

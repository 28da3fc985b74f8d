"""Edits a Word file as a person would, in LibreOffice, and saves it: run by the Python that has `uno`.

    edit_with_libreoffice.py PORT IN.docx OUT.docx

The first cell that reads 6858.05 becomes 6860.10, and 始终坚持 becomes 一贯坚持 in the text.
"""

import os
import pathlib
import sys
import time

import uno
from com.sun.star.beans import PropertyValue


def connect(port):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(120):
        try:
            return resolver.resolve(f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - LibreOffice is not there yet
            time.sleep(0.5)
    sys.exit("LibreOffice does not answer")


def given(name, value):
    wanted = PropertyValue()
    wanted.Name, wanted.Value = name, value
    return wanted


def main():
    port, source, target = sys.argv[1:]
    context = connect(port)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    url = pathlib.Path(source).resolve().as_uri()
    document = desktop.loadComponentFromURL(url, "_blank", 0, (given("Hidden", True),))
    edited = 0
    for name in document.TextTables.ElementNames:
        table = document.TextTables.getByName(name)
        for cell in map(table.getCellByName, table.CellNames):
            if cell.String == "6858.05":
                cell.String = "6860.10"
                edited += 1
    search = document.createReplaceDescriptor()
    search.SearchString, search.ReplaceString = "始终坚持", "一贯坚持"
    edited += document.replaceAll(search)
    document.storeToURL(pathlib.Path(target).resolve().as_uri(), (given("FilterName", "MS Word 2007 XML"),))
    document.close(True)
    print(edited, flush=True)
    # The bridge's threads may crash while Python takes them down, after the work is done; the caller ends LibreOffice.
    os._exit(0)


if __name__ == "__main__":
    main()

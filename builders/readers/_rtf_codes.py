"""The words of RTF that matter for text: where text is none, which letters some words are, what charsets are called.

Source: Microsoft, Rich Text Format Specification 1.9.1.
"""

# ruff: noqa: SIM905 - words read better in a row

#: Groups that begin with one of these hold no text of the story.
SILENT = frozenset(
    """
    aftncn aftnsep aftnsepc annotation atnauthor atndate atnicn atnid atnref atrfend atrfstart author background bkmkend
    bkmkstart blipuid colortbl comment company creatim datafield do docvar falt ffname fldinst fldtype
    fontemb fontfile footer footerf footerl footerr ftncn ftnsep ftnsepc generator header headerf headerl headerr
    info keywords latentstyles listlevel listoverridetable listpicture listtable mmathpr nesttableprops nonesttables
    nonshppict objalias objclass objdata objname objsect objtime operator password pgptbl picprop pict private revtbl rsidtbl
    rxe shpinst shppict shprslt sp subject tc template themedata title txe upr userprops xe xmlnstbl
    """.split()
)
#: Groups that hold text again inside such a group: text boxes, and the better half of a text written twice.
HEARD = {"shptxt": "box", "dptxbxtext": "box", "ud": ""}
#: Groups that hold text, though programs that do not know them should pass over them.
KNOWN = frozenset(("footnote", "shptxt", "dptxbxtext", "ud"))
#: The label of an item of a list.
LABELS = frozenset(("listtext", "pntext"))
LETTERS = {
    "line": "\n",
    "lbr": "\n",
    "tab": " ",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
SYMBOLS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\"}
ENDS = frozenset(("par", "sect", "page", "column", "\n", "\r"))
#: Python's names of the code pages of fonts, by charset.
CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
#: The same for a whole document.
PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}

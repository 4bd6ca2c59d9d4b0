"""Explorer 浏览器界面: the pages, and the only code that knows Streamlit. A new page is one file and one line here."""

from planner.explorer import answer, compare, files, inputs, play, scenarios, understand, why_not

PAGES = {  # the title's key in locale/texts.csv -> the page; the first opens at the start
    "page.answer": answer.page,
    "page.play": play.page,
    "page.understand": understand.page,
    "page.why_not": why_not.page,
    "page.compare": compare.page,
    "page.inputs": inputs.page,
    "page.scenarios": scenarios.page,
    "page.files": files.page,
}
SIDEBAR = 330  # px: the longest name of a factory fits

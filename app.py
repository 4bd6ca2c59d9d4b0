"""The explorer's entry: `planner explore`, or `streamlit run app.py`.

Everything stands behind the guard, imports too: a solver's own process reads this file again and must not draw pages.
"""

if __name__ == "__main__":
    import streamlit as st

    from planner.explorer import PAGES, SIDEBAR, session, signed
    from planner.language import say

    st.set_page_config(page_title="Zero-carbon factory planner 零碳工厂规划器", layout="wide", initial_sidebar_state=SIDEBAR)
    if signed.wanted() and not signed.identity():
        signed.page(session.spoken())
        st.stop()
    session.start()
    language = session.language()
    pages = {
        key: st.Page(page, title=say(key, language), url_path=key.removeprefix("page."), default=page is PAGES["page.answer"])
        for key, page in PAGES.items()
    }
    st.session_state["pages"] = pages
    st.navigation(list(pages.values()), position="top").run()

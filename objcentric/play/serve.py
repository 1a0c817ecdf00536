"""A page on this machine's loopback, for nobody else (`serve`)."""

from collections.abc import Callable

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from objcentric.errors import ObjcentricError
from objcentric.play.page_html import asset

LOOPBACK = "127.0.0.1"
FONTS = ("system-ui", "Segoe UI", "Roboto", "DejaVu Sans", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace")


def serve(page: gr.Blocks, *, port: int | None, browser: bool, say: Callable[[str], None]) -> None:
    """Serves a page until Ctrl-C.

    It listens on the loopback, and answers only what asks for the loopback by name, so that a page
    elsewhere cannot reach it through a name of its own. Fonts are the system's, and nothing is
    fetched from elsewhere.

    Args:
        page: the page.
        port: port to listen on; None for the first free one from 7860.
        browser: whether to open a browser.
        say: prints a line for the user.

    Raises:
        ObjcentricError: the port is taken.
    """
    try:
        _, url, _ = page.launch(
            server_name=LOOPBACK,
            server_port=port,
            inbrowser=browser,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            footer_links=[],
            show_error=True,
            theme=_theme(),
            css=asset("play.css"),
            app_kwargs={
                "middleware": [
                    Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])
                ]
            },
        )
    except OSError as error:
        wanted = "7860 to 7959" if port is None else str(port)
        raise ObjcentricError(f"port {wanted} is taken: choose another one by --port") from error
    say(f"Playing at {url} (Ctrl-C ends it)")
    page.block_thread()


def _theme() -> gr.themes.Base:
    """A plain look with the system's fonts, and secondary text with a contrast above 4.5 : 1."""
    return gr.themes.Base(font=FONTS, font_mono=MONO).set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_label_text_color="*neutral_700",
        block_title_text_color="*neutral_700",
    )

"""`objcentric play`: a trained model, or a spatial transformer alone, in use in a browser.

Pictures come from pure functions of a model, an image and what was changed. Gradio is imported by
the modules `*_page`, `*_panel`, `widgets` and `serve` alone.
"""

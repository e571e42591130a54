"""The page that shows the local service: what there is in it, and what happens to it.

``overview`` gives the state as a document, ``server`` serves it with the page's files: ``index.html``,
``page.css`` and ``page.js``, which need no build step and load nothing from elsewhere.
"""

"""PDF documents: data and a template in, a tagged PDF/UA file out, the same bytes every time."""

from evenweave.toolkit.documents.rendering import DocumentFailed, free_memory, render_pdf
from evenweave.toolkit.documents.wording import Wording

__all__ = ["DocumentFailed", "Wording", "free_memory", "render_pdf"]

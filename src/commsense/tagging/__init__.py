"""Messages to labels: models, their decisions and their evidence."""

from commsense.tagging.base import (
    Tagger,
    find_model,
    load_tagger,
    loaded_tagger,
    shipped_models,
    taxonomy_of,
)
from commsense.tagging.linear import LinearTagger
from commsense.tagging.messages import decisions, probabilities, tag_messages

__all__ = [
    "LinearTagger",
    "Tagger",
    "decisions",
    "find_model",
    "load_tagger",
    "loaded_tagger",
    "probabilities",
    "shipped_models",
    "tag_messages",
    "taxonomy_of",
]

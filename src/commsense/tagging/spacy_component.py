"""The spaCy component ``commsense``: scores in ``doc.cats``, evidence in ``doc.spans``.

::

    nlp = spacy.blank("en")
    nlp.add_pipe("commsense", config={"model": "default"})
    doc = nlp("Thank you for staying late yesterday.")
    doc.cats["courtesy"], doc.spans["commsense"]
    doc._.commsense_judged  # false where the model does not know the language and abstains
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from commsense.errors import ModelError
from commsense.language import UNKNOWN
from commsense.tagging.base import Floats, Tagger, load_tagger
from commsense.tagging.decision import abstentions

SPANS_KEY: Final = "commsense"
JUDGED_KEY: Final = "commsense_judged"

_SETTINGS_FILE = "commsense.json"
_MODEL_FOLDER = "model"
_ANY_LANGUAGE = "xx"  # spaCy's tag of a pipeline for no language in particular


class CommsenseComponent:
    """Tags each document of a spaCy pipeline.

    Parameters
    ----------
    nlp : spacy.language.Language
        The pipeline; its language is taken as the documents'.
    name : str
        Name of the component in the pipeline.
    model : str
        A shipped model's name or a model folder.
    evidence : bool
        Whether to mark the deciding span of each label that holds.
    """

    def __init__(
        self, nlp: Language, name: str, model: str = "default", evidence: bool = True
    ) -> None:
        self.name = name
        self.evidence = evidence
        self.tagger: Tagger = load_tagger(model)
        self._language = UNKNOWN if nlp.lang == _ANY_LANGUAGE else nlp.lang

    def __call__(self, doc: Doc) -> Doc:
        """Tag one document."""
        self._tag([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Tag documents, a batch at a time."""
        for batch in minibatch(stream, size=batch_size):
            docs = list(batch)
            self._tag(docs)
            yield from docs

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model and the settings, so that the pipeline needs nothing else."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        self.tagger.save(folder / _MODEL_FOLDER)
        settings = {"name": self.tagger.config["name"], "evidence": self.evidence}
        (folder / _SETTINGS_FILE).write_text(json.dumps(settings), encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> CommsenseComponent:
        """Read what :meth:`to_disk` wrote.

        Raises
        ------
        ModelError
            Where the folder is missing or damaged.
        """
        folder = Path(path)
        try:
            settings: dict[str, Any] = json.loads(
                (folder / _SETTINGS_FILE).read_text(encoding="utf-8")
            )
            self.evidence = bool(settings["evidence"])
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"cannot read {folder / _SETTINGS_FILE}: {error}",
                "a pipeline that spaCy's to_disk wrote",
                "write the pipeline again",
            ) from error
        self.tagger = load_tagger(folder / _MODEL_FOLDER)
        return self

    def _tag(self, docs: list[Doc]) -> None:
        languages = [doc.lang_ or self._language for doc in docs]
        languages = [UNKNOWN if tag == _ANY_LANGUAGE else tag for tag in languages]
        judged = self.tagger.judge([doc.text for doc in docs], languages)
        unjudged = abstentions(languages, self.tagger.languages).tolist()
        of_docs = zip(docs, languages, judged.probabilities, judged.holds, unjudged, strict=True)
        for doc, language, row, held, abstained in of_docs:
            _set_scores(doc, self.tagger.labels, row)
            doc._.set(JUDGED_KEY, not abstained)
            labels = [label for label, on in zip(self.tagger.labels, held, strict=True) if on]
            doc.spans[SPANS_KEY] = self._spans(doc, labels, language) if self.evidence else []

    def _spans(self, doc: Doc, labels: list[str], language: str) -> list[Span]:
        found = self.tagger.spans(doc.text, labels, language)
        marked = (
            doc.char_span(start, end, label=label, alignment_mode="expand")
            for label, (start, end) in found.items()
        )
        return [span for span in marked if span is not None]


Doc.set_extension(JUDGED_KEY, default=None, force=True)


# spaCy is not typed for mypy here, so its decorator is not either.
@Language.factory(  # type: ignore[untyped-decorator]
    "commsense", default_config={"model": "default", "evidence": True}
)
def make_component(nlp: Language, name: str, model: str, evidence: bool) -> CommsenseComponent:
    """Make the component; spaCy calls this for ``nlp.add_pipe("commsense")``."""
    return CommsenseComponent(nlp, name, model, evidence)


def _set_scores(doc: Doc, labels: Iterable[str], scores: Floats) -> None:
    for label, score in zip(labels, scores.tolist(), strict=True):
        doc.cats[label] = score

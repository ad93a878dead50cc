"""What is found in a part of the messages: labels, conversations, counts. One core's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from commsense.clients import count
from commsense.conversations import find_conversations, interruption_labels
from commsense.memory import release_unused
from commsense.office import OfficeHours
from commsense.parts import Part
from commsense.progress import Progress, silent
from commsense.schema import CONVERSATIONS, LABELS, frame, to_arrow, to_pandas
from commsense.tagging import Tagger, loaded_tagger, tag_messages, taxonomy_of


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the people in all parts, and every part is judged by.

    Attributes
    ----------
    authors : pandas.DataFrame
        Who writes for which side, see :func:`commsense.ingest.collecting.authors_of`.
    office : OfficeHours
    office_of : mapping of str to OfficeHours
        Those of the clients that have their own.
    """

    authors: pd.DataFrame
    office: OfficeHours = field(default_factory=OfficeHours)
    office_of: Mapping[str, OfficeHours] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in some messages.

    Attributes
    ----------
    messages : int
        How many they were.
    labels, conversations : pyarrow.Table
        Tables of :mod:`commsense.schema`.
    counts : pyarrow.Table
        As :func:`commsense.clients.count` gives them.
    """

    messages: int
    labels: pa.Table
    conversations: pa.Table
    counts: pa.Table


def judge(part: Part, tagger: Tagger, known: Known, progress: Progress = silent) -> Judged:
    """Tag what is not tagged yet, find conversations, count by client.

    Parameters
    ----------
    part : Part
        Messages, with the labels that the same model gave to some of them before.
    tagger : Tagger
    known : Known
    progress : Progress
    """
    messages, before = to_pandas(part.messages), to_pandas(part.labels)
    todo = messages[~messages["id"].isin(set(before["message_id"]))]
    # Interruptions are read off the whole call, so they are found again each time.
    found = [before, tag_messages(todo, tagger, progress=progress), interruption_labels(messages)]
    filled = [table for table in found if len(table)]
    labels = pd.concat(filled, ignore_index=True) if filled else frame(LABELS, [])
    progress("conversations", 0, 1)
    conversations = find_conversations(
        messages, labels, authors=known.authors, office=known.office, office_of=known.office_of
    )
    progress("conversations", 1, 1)
    return Judged(
        messages=len(messages),
        labels=to_arrow(LABELS, labels),
        conversations=to_arrow(CONVERSATIONS, conversations),
        counts=count(messages, labels, conversations, taxonomy=taxonomy_of(tagger.config)),
    )


def judge_by(part: Part, model: str, known: Known) -> Judged:
    """Judge a part in a process that knows a model by its name or folder."""
    judged = judge(part, loaded_tagger(model), known)
    release_unused()
    return judged

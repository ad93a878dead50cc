"""Reads a transcript from memory as ingestion would."""

from commsense.ingest.reader import HEAD_BYTES, SourceFile
from commsense.ingest.transcripts import FORMATS
from commsense.schema import Message, Rejected


def format_of(content, name="call.txt"):
    """The name of the first format that recognises some content, None where none does."""
    source = source_of(content, name)
    return next((f.name for f in FORMATS if f.recognises(source, source.head())), None)


def read(content, name="call.txt"):
    source = source_of(content, name)
    reader = next(f for f in FORMATS if f.recognises(source, source.content[:HEAD_BYTES]))
    return list(reader.read(source))


def turns(content, name="call.txt"):
    rows = read(content, name)
    assert all(isinstance(row, Message) for row in rows), rows
    return rows


def said(content, name="call.txt"):
    return [(turn.author, turn.text) for turn in turns(content, name)]


def rejection(content, name="call.txt"):
    (row,) = read(content, name)
    assert isinstance(row, Rejected)
    return row


def source_of(content, name):
    data = content.encode() if isinstance(content, str) else content
    return SourceFile(name, content=data)

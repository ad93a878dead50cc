"""Readers of call transcripts: each format turns a file into turns, one message each."""

from __future__ import annotations

from commsense.ingest.reader import Format
from commsense.ingest.transcripts.assemblyai import ASSEMBLYAI
from commsense.ingest.transcripts.aws import BEDROCK, CALL_ANALYTICS, TRANSCRIBE
from commsense.ingest.transcripts.deepgram import DEEPGRAM
from commsense.ingest.transcripts.docx import Docx
from commsense.ingest.transcripts.gong import GONG
from commsense.ingest.transcripts.google import GOOGLE
from commsense.ingest.transcripts.ibm import IBM
from commsense.ingest.transcripts.meet import MEET
from commsense.ingest.transcripts.plain import Plain
from commsense.ingest.transcripts.podcastindex import PODCAST_INDEX
from commsense.ingest.transcripts.rev import REV
from commsense.ingest.transcripts.speechmatics import SPEECHMATICS
from commsense.ingest.transcripts.srt import Srt
from commsense.ingest.transcripts.verbit import VERBIT
from commsense.ingest.transcripts.vtt import Vtt
from commsense.ingest.transcripts.whisper import INSANELY_FAST_WHISPER, WHISPER, WHISPER_CPP

FORMATS: tuple[Format, ...] = (
    Vtt(),
    Srt(),
    Docx(),
    ASSEMBLYAI,
    DEEPGRAM,
    TRANSCRIBE,
    CALL_ANALYTICS,
    BEDROCK,
    REV,
    GONG,
    PODCAST_INDEX,
    WHISPER,
    INSANELY_FAST_WHISPER,
    WHISPER_CPP,
    SPEECHMATICS,
    IBM,
    VERBIT,
    MEET,
    GOOGLE,
    Plain(),
)
"""In the order in which a file is offered to them: the surest signs first."""

__all__ = ["FORMATS"]

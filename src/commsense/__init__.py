"""commsense reads client communications and tells how each relationship fares.

>>> import commsense as cs
>>> tags = cs.tag(["Thank you for staying late to fix our launch."])
"""

from importlib.metadata import version as _version

from commsense.api import report, tag
from commsense.clients import Assessment
from commsense.errors import (
    CommsenseError,
    DatasetError,
    InputError,
    MessageError,
    MissingExtraError,
    ModelError,
    UsageError,
)
from commsense.ingest.reading import iter_messages
from commsense.pipeline import Result, analyze, forget, open_dataset, read
from commsense.profiles import ClientProfile, load_profiles
from commsense.report import Report
from commsense.schema import Attachment, Message, Rejected
from commsense.tagging import Tagger, load_tagger
from commsense.taxonomy import Label, Taxonomy, load_taxonomy

__version__ = _version("commsense")

__all__ = [
    "Assessment",
    "Attachment",
    "ClientProfile",
    "CommsenseError",
    "DatasetError",
    "InputError",
    "Label",
    "Message",
    "MessageError",
    "MissingExtraError",
    "ModelError",
    "Rejected",
    "Report",
    "Result",
    "Tagger",
    "Taxonomy",
    "UsageError",
    "__version__",
    "analyze",
    "forget",
    "iter_messages",
    "load_profiles",
    "load_tagger",
    "load_taxonomy",
    "open_dataset",
    "read",
    "report",
    "tag",
]

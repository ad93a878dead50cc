from .api import report, tag
from .clients import Assessment
from .errors import (
    CommsenseError,
    DatasetError,
    InputError,
    MessageError,
    MissingExtraError,
    ModelError,
    UsageError,
)
from .ingest.reading import iter_messages
from .pipeline import Result, analyze, forget, open_dataset, read
from .profiles import ClientProfile, load_profiles
from .reports import Report
from .schema import Attachment, Message, Rejected
from .tagging import Tagger, load_tagger
from .taxonomy import Label, Taxonomy, load_taxonomy

__version__: str

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

"""People protected: pseudonyms in place of who they are, and persons removed on request.

``key`` keeps the secret, ``pseudonyms`` makes stable stand-ins with it, ``personal`` finds what is
personal in a text, ``messages`` applies both to a table, ``forget`` removes a person.
"""

from __future__ import annotations

from commsense.privacy.forget import token, without
from commsense.privacy.key import default_key_file, load_or_make_key
from commsense.privacy.messages import (
    pseudonymise,
    pseudonymous_profiles,
    pseudonymous_rejected,
    pseudonymous_source,
)
from commsense.privacy.pseudonyms import Pseudonyms

__all__ = [
    "Pseudonyms",
    "default_key_file",
    "load_or_make_key",
    "pseudonymise",
    "pseudonymous_profiles",
    "pseudonymous_rejected",
    "pseudonymous_source",
    "token",
    "without",
]

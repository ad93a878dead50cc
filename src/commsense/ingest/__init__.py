"""Exports to messages: files are found, read, freed of duplicates, threaded, put on a side.

``sources`` walks what the user names to single files, ``formats`` tells what each is, ``mail/``,
``transcripts/`` and ``tables`` read them, ``zones/`` cuts bodies; ``collecting`` then
looks at all messages together (``duplicates``, ``joining`` by ``threads`` and ``parties``), whose
texts wait in a ``spool``.
"""

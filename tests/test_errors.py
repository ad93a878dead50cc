import pytest

from commsense import errors


def test_message_has_got_expected_and_mend_in_one_line():
    error = errors.InputError("an empty file", "an mbox", "export again")
    assert str(error) == "an empty file; expected an mbox; mend: export again"


def test_message_leaves_out_what_is_not_known():
    assert str(errors.UsageError("too many names")) == "too many names"


def test_missing_extra_names_the_command_that_installs_it():
    assert "pip install 'commsense[outlook]'" in str(errors.MissingExtraError(".msg", "outlook"))


@pytest.mark.parametrize("name", [n for n in vars(errors) if n.endswith("Error")])
def test_every_error_is_a_commsense_error_and_stands_in_the_drawn_tree(name):
    assert issubclass(getattr(errors, name), errors.CommsenseError)
    assert name in (errors.__doc__ or "")

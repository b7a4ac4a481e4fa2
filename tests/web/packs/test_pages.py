"""Pages of packs: every shipped scheme in words, in every language."""

import pytest

from touchstone_web.shared.installed_packs import installed_packs

LANGUAGES = ["en", "zh-hans", "zh-hant"]
SCHEMES = [(name, scheme) for name, pack in installed_packs().items() for scheme in pack.schemes]


def opened(client, language, address):
    client.cookies["touchstone-language"] = language
    return client.get(address)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("pack", "scheme"), SCHEMES)
def test_a_scheme_is_told_in_words(pack, scheme, language, cast, client_of):
    """Title, sentences, and the hash that names it."""
    page = opened(client_of(cast.bob), language, f"/packs/{pack}/{scheme}")
    text = page.content.decode()
    assert installed_packs()[pack].schemes[scheme].content_hash in text
    assert len(page.context["sentences"]) > 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pack", installed_packs())
def test_a_pack_names_every_column_it_reads(pack, language, cast, client_of):
    """Whoever prepares a file finds its columns here."""
    page = opened(client_of(cast.bob), language, f"/packs/{pack}")
    text = page.content.decode()
    for dataset in installed_packs()[pack].datasets.values():
        for column in dataset.columns:
            assert f">{column.name}</td>" in text


def test_a_pack_or_scheme_that_there_is_not_is_404(cast, client_of):
    """Names in addresses lead to packs, never to folders."""
    client = client_of(cast.alice)
    for address in ("/packs/none", "/packs/schools/none", "/packs/..", "/packs/..%2fschools"):
        assert client.get(address).status_code == 404


def test_a_pack_with_faults_is_left_out(monkeypatch, caplog):
    """The others can still be used, and the log says what is wrong."""
    monkeypatch.setattr(
        "touchstone_web.shared.installed_packs.shipped_packs", lambda: ("none", "schools")
    )
    assert list(installed_packs.__wrapped__()) == ["schools"]
    assert "PACK-01" in caplog.text

"""HTML bodies of the mail programs; all texts and addresses are invented."""

import pytest

from commsense.ingest.zones import Zones, split_html

from .forms import load

OLD = "<div>Old words here.</div>"

GMAIL = (
    """<div dir="ltr">{new}</div><br><div class="gmail_quote gmail_quote_container">
<div dir="ltr" class="gmail_attr">{intro}<br></div>
<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">"""
    + OLD
    + "</blockquote></div>"
)


@pytest.mark.parametrize(
    ("new", "intro"),
    [
        (
            "Fine &amp; agreed.",
            "On Mon, 3 Apr 2023 at 10:11, Nora &lt;nora@field.example&gt; wrote:",
        ),
        (
            "D&#39;accord pour l&#8217;option B.",
            "Le lun. 3 avr. 2023 à 10:11, Nora &lt;n@champ.example&gt; a écrit :",
        ),
        (
            "موافق على الخيار الثاني.",
            "في الاثنين، ٣ أبريل ٢٠٢٣ تمت كتابة ما يلي بواسطة نورا &lt;n@haql.example&gt;:",
        ),
        (
            "두 번째 안으로 진행해 주세요.",
            "2023년 4월 3일 (월) 오전 10:11, 들노라 &lt;n@deul.example&gt;님이 작성:",
        ),
        (
            "ตกลงตามทางเลือกที่สอง",
            "ในวันที่ จ. 3 เม.ย. 2023 เวลา 10:11 โนรา &lt;n@thung.example&gt; เขียนว่า:",
        ),
    ],
)
def test_gmail(new, intro):
    from html import unescape

    zones = split_html(GMAIL.format(new=new, intro=intro))
    assert zones == Zones(unescape(new), f"{unescape(intro)}\nOld words here.", "")


BELOW = {program: html.replace("{old}", OLD) for program, html in load("html")["below"].items()}


@pytest.mark.parametrize("program", BELOW)
def test_history_of_the_mail_programs(program):
    zones = split_html(f"<html><body><div>New words.</div>{BELOW[program]}</body></html>")
    assert zones.text == "New words."
    assert "Old words here." in zones.quoted


def test_answers_inside_gmails_container_are_kept():
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, 3 Apr 2023 at 10:11, '
        "N &lt;n@f.example&gt; wrote:</div>"
        '<blockquote class="gmail_quote">First?</blockquote><div>Yes.</div>'
        '<blockquote class="gmail_quote">Second?</blockquote><div>No.</div></div>'
    )
    zones = split_html(html)
    assert zones.text == "Yes.\n\nNo."
    assert "First?" in zones.quoted
    assert "Second?" in zones.quoted


@pytest.mark.parametrize(
    "element",
    [
        '<div class="gmail_signature" data-smartmail="gmail_signature">Nora<br>Sales</div>',
        '<div id="Signature">Nora<br>Sales</div>',
        '<div id="x_Signature">Nora<br>Sales</div>',
        '<pre class="moz-signature">Nora\nSales</pre>',
        '<div class="protonmail_signature_block">Nora<br>Sales</div>',
    ],
)
def test_signatures_marked_in_the_document(element):
    assert split_html(f"<p>New words.</p>{element}") == Zones("New words.", "", "Nora\nSales")


def test_an_answer_typed_inside_the_signature_is_new():
    html = (
        '<div class="gmail_signature">I would rather take the second option, thank you '
        "very much.</div>"
    )
    assert split_html(html).text == "I would rather take the second option, thank you very much."


def test_indentation_is_no_quotation():
    html = (
        "<p>Two points:</p>"
        '<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;">Price'
        "</blockquote>"
    )
    assert split_html(html) == Zones("Two points:\n\nPrice", "", "")


def test_what_the_reader_does_not_see_is_dropped():
    html = (
        "<head><title>t</title><style>p{color:red}</style></head><script>alert(1)"
        "</script><!-- c -->"
        '<div style="display: none">hidden</div><span hidden>hidden</span>'
        '<div style="mso-hide:all">hidden</div>'
        "<p>Seen</p><noscript>hidden</noscript>"
    )
    assert split_html(html) == Zones("Seen", "", "")


def test_blocks_stand_on_lines_of_their_own():
    html = (
        "<p>One<br>two</p><div>three</div><ul><li>four<li>five</ul><table><tr><td>six"
        "</td><td>seven</td></tr><tr><td>eight</td></tr></table>"
    )
    assert split_html(html).text == "One\ntwo\n\nthree\n\n- four\n- five\n\nsix seven\neight"


def test_white_space_is_kept_only_where_it_is_preformatted():
    assert split_html("<p>a\n   b</p><pre>c\n   d</pre>").text == "a b\n\nc\n   d"


def test_outlook_paragraphs_without_space_are_lines_of_one_signature():
    html = "".join(
        f'<p class="MsoNormal">{line}<o:p></o:p></p>'
        for line in [
            "Voici le devis.",
            "<o:p>&nbsp;</o:p>",
            "Cordialement,",
            "Nora Champ",
            "Tél. 01 99 00 12 34",
        ]
    )
    assert split_html(html) == Zones(
        "Voici le devis.", "", "Cordialement,\nNora Champ\nTél. 01 99 00 12 34"
    )


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "<",
        "<html>",
        "<p",
        "&",
        "&#x110000;",
        "\x00",
        "<body></body></body>",
        "</div></div>",
    ],
)
def test_fragments_do_not_raise(html):
    assert split_html(html).quoted == ""


@pytest.mark.parametrize(
    "tag", ["div", "blockquote", "span", "table><tr><td", "ul><li", "b", "font color=red"]
)
def test_deep_nesting_keeps_the_words(tag):
    zones = split_html(f"<{tag}>" * 30_000 + "words")
    assert "words" in zones.text + zones.quoted


def test_formatting_that_a_parser_would_multiply():
    html = "".join(f"<b id={i}>" for i in range(900)) + "<p>x" * 20_000
    assert split_html(html).text.count("x") == 20_000


def test_a_paragraph_of_hard_spaces_is_an_empty_line():
    lines = ("Could you send it?", "Nora", "&nbsp;", "Nora Field", "Sales", "T +44 20 7946 0101")
    body = "".join(f"<p class=MsoNormal>{line}</p>" for line in lines)
    zones = split_html(body)
    assert zones.text == "Could you send it?\nNora"
    assert zones.signature == "Nora Field\nSales\nT +44 20 7946 0101"

"""What a suggestion may wish for: clauses, words, how sure, and what staff teach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.needs import shipped as catalogue
from surveys.needs.proposals.clauses import clauses
from surveys.needs.proposals.learning import HINT_TEXTS, WORD_TEXTS, learn
from surveys.needs.proposals.plain import plain
from surveys.needs.proposals.vocabulary import Matter, Topic, Vocabulary, shipped, weighed
from surveys.needs.proposals.wishes import Sure, Wish, wishes
from surveys.needs.proposals.words import Words


def keys(text: str, vocabulary: Vocabulary | None = None) -> list[str]:
    return [wish.key for wish in wishes(text, vocabulary or shipped())]


def first(text: str) -> Wish:
    return wishes(text, shipped())[0]


def pieces(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in clauses(plain(text))]


# --- one way of writing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("５号楼，漏雨！", "5号楼,漏雨!"),
        ("樓道燈壞了，請儘快處理", "楼道灯坏了,请尽快处理"),
        ("换成ＬＥＤ", "换成led"),
        ("三㎡…", "三㎡…"),
    ],
)
def test_traditional_characters_and_full_width_signs_are_read_alike(
    written: str, read: str
) -> None:
    assert plain(written) == read


@given(st.text(max_size=80))
def test_a_place_in_the_plain_text_is_the_same_place_in_what_was_written(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)


# --- clauses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("路灯不亮，下水道也堵", ["路灯不亮", "下水道也堵"]),
        ("修房顶", ["修房顶"]),
        ("装监控还有路灯也修修", ["装监控", "还有路灯也修修"]),
        ("一是漏雨；二是停车\n三是没灯", ["一是漏雨", "二是停车", "三是没灯"]),
        ("晚上8:30以后停2.5小时", ["晚上8:30以后停2.5小时"]),
        ("！！！", []),
        ("", []),
    ],
)
def test_a_sentence_is_split_where_another_wish_may_begin(text: str, found: list[str]) -> None:
    assert pieces(text) == found


@given(st.text(alphabet="路灯不亮，。；还有另外 12.,:", max_size=60))
def test_clauses_follow_each_other_and_lie_within_the_text(text: str) -> None:
    found = clauses(plain(text))
    assert all(piece.start < piece.end <= len(text) for piece in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


# --- words ----------------------------------------------------------------------------------------


def test_the_longer_word_is_found_and_not_the_shorter_one_inside() -> None:
    found = Words(["下水", "下水道", "堵"]).found("下水道堵了")
    assert [word.word for word in found] == ["下水道", "堵"]


def test_a_word_at_the_end_of_a_text_ends_with_it() -> None:
    assert Words(["车", "车库里", "公交车"]).found("坐公交车")[0].spans == ((1, 4),)
    assert len(Words(["车", "车库里"]).found("坐车")) == 1


def test_a_word_with_a_gap_reaches_over_a_few_characters_and_no_further() -> None:
    words = Words(["灯…不亮"])
    assert [word.spans for word in words.found("灯老是不亮")] == [((0, 1), (3, 5))]
    assert words.found("灯换了好几回还是老样子不亮") == []


# --- wishes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("路灯不亮，下水道也堵", ["yard-light", "drain"]),
        ("房顶漏，下水堵，这两样先弄", ["roof", "drain"]),
        ("装个电梯，另外楼下再放条长凳", ["lift", "bench"]),
        ("樓道燈壞了", ["stair-light"]),
        ("路登不亮", ["yard-light"]),
        ("下水到又赌了", ["drain"]),
        ("路灯不亮 " * 300, ["yard-light"]),
    ],
)
def test_each_wish_of_a_sentence_is_proposed_the_one_said_first_in_front(
    text: str, expected: list[str]
) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "好", "没意见，听安排", "谢谢你们，辛苦了", "111", "高价回收旧手机，加微信"]
)
def test_nothing_is_proposed_where_nothing_is_wished_for(text: str) -> None:
    assert wishes(text, shipped()) == []


def test_a_proposal_says_the_words_that_made_it_and_where() -> None:
    text = "电梯早该装了，下水道又堵了"
    drain = wishes(text, shipped())[-1]
    assert drain.words == ("下水道", "堵")
    assert [text[piece.start : piece.end] for piece in drain.clauses] == ["下水道又堵了"]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("楼道灯不亮，上楼摸黑", Sure.HIGH),
        ("暖气和天然气一起办", Sure.FAIR),
        ("有个灯就中", Sure.LOW),
    ],
)
def test_a_proposal_says_how_sure_it_is(text: str, sure: Sure) -> None:
    assert first(text).sure is sure


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2号楼西头井盖破了半个", "井盖坏了、响、不平"),
        ("路面坑坑洼洼，推婴儿车颠得孩子直哭", "路面坑洼不平，重新铺"),
        ("装电梯的钱怎么摊", "装电梯的钱怎么摊"),
        ("装电梯", "想装电梯"),
        ("一楼不同意装电梯，挡光", "不赞成装电梯"),
    ],
)
def test_a_proposal_says_what_is_the_matter_with_the_thing(text: str, title: str) -> None:
    matter = first(text).matter
    assert matter is not None
    assert matter.title == title


def test_what_is_the_matter_is_looked_for_in_the_clauses_of_the_wish_alone() -> None:
    matter = first("电梯赶紧装，停车收费太贵").matter
    assert matter is not None
    assert matter.title == "想装电梯"


@pytest.mark.parametrize("where", ["3号楼", "3号楼2单元", "二单元", "南门", "5栋", "３号楼西边"])
@pytest.mark.parametrize(
    "text", ["楼道灯不亮", "房顶漏", "卫生间下水慢", "灯坏了", "安监控", "装电梯"]
)
def test_where_it_is_changes_nothing_about_what_it_is(where: str, text: str) -> None:
    told = first(where + text)
    assert (told.key, told.matter) == (first(text).key, first(text).matter)


def test_a_name_of_an_estate_hints_at_nothing() -> None:
    assert keys("A市枫树塘小区的事情") == []
    assert keys("金晖花园的事情") == []


# --- the vocabulary that ships --------------------------------------------------------------------


def test_every_entry_of_the_catalogue_can_be_proposed_by_its_own_name() -> None:
    missing = [entry.name for entry in catalogue.entries() if entry.key not in keys(entry.name)]
    assert missing == ["其他"]


def test_every_entry_has_matters_and_at_most_one_of_them_is_the_plain_one() -> None:
    for topic in shipped().topics.values():
        assert topic.matters
        assert sum(matter.is_plain for matter in topic.matters) <= 1
        assert len({matter.title for matter in topic.matters}) == len(topic.matters)


# --- learning -------------------------------------------------------------------------------------

TALK = [
    "铁驴子没处搁",
    "俺那铁驴子淋坏了",
    "铁驴子放哪",
    "给铁驴子找个窝",
    "铁驴子挡道",
    "修修铁驴子那块",
]


def test_a_word_of_this_courtyard_is_learnt_from_what_staff_accepted() -> None:
    assert "bike-shed" not in keys("铁驴子咋办")
    hinted = learn([(text, "bike-shed") for text in TALK[:HINT_TEXTS]], shipped())
    assert keys("铁驴子咋办", hinted) == ["bike-shed"]
    assert wishes("铁驴子咋办", hinted)[0].sure is Sure.LOW
    known = learn([(text, "bike-shed") for text in TALK[:WORD_TEXTS]], shipped())
    assert wishes("铁驴子咋办", known)[0].sure is not Sure.LOW
    assert "铁驴子" in wishes("铁驴子咋办", known)[0].words


def test_what_goes_with_several_things_teaches_nothing() -> None:
    accepted = [(text, key) for text in TALK for key in ("bike-shed", "road")]
    mixed = [(text, ("bike-shed", "road", "lift")[n % 3]) for n, (text, _) in enumerate(accepted)]
    assert "bike-shed" not in keys("铁驴子咋办", learn(mixed, shipped()))


def test_a_word_that_misled_here_only_hints_from_then_on() -> None:
    told = [f"{where}有个石桌要修" for where in ("东头", "西头", "门口", "树下")]
    assert keys("石桌要修") == ["bench"]
    taught = learn([(text, "culture-wall") for text in told], shipped())
    assert all(wish.sure is Sure.LOW for wish in wishes("石桌", taught) if wish.key == "bench")


def test_learning_leaves_the_vocabulary_that_ships_alone() -> None:
    before = dict(shipped().weights)
    learn([(text, "bike-shed") for text in TALK], shipped())
    assert shipped().weights == before


def test_a_vocabulary_can_come_from_anywhere() -> None:
    topic = Topic("tea", "茶水间", ("茶水",), matters=(Matter("要个茶水间", (), is_plain=True),))
    own = Vocabulary([topic], weighed([topic], nothing=["都中"]))
    assert keys("想有个喝茶水的地方", own) == ["tea"]
    assert keys("路灯不亮", own) == []

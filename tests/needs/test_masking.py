"""Names, numbers and rooms are found in what residents wrote; what names nobody is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.needs.proposals.masking import HIDDEN, Kind, masked, private


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("电话13812345678", "电话＊＊"),
        ("电话 138-1234-5678 找我", "电话 ＊＊ 找我"),
        ("打０３７１－６７８９１２３４", "打＊＊"),
        ("幺三八一二三四五六七八", "＊＊"),
        ("身份证41010219800101123x", "身份证＊＊"),
        ("张大爷家又堆了", "＊＊家又堆了"),
        ("物业的刘经理", "物业的＊＊"),
        ("老王家养狗", "＊＊家养狗"),
        ("姓赵的不让装", "姓＊＊的不让装"),
        ("我叫王小明", "我叫＊＊"),
        ("王建国，电话13812345678", "＊＊，电话＊＊"),
        ("3号楼2单元501漏水", "3号楼2单元＊＊漏水"),
        ("３号楼２单元５０１漏水", "３号楼２单元＊＊漏水"),
        ("住3-2-501", "住＊＊"),
        ("3 号楼 502 门口", "3 号楼 ＊＊ 门口"),
        ("俺家 302 漏", "俺家 ＊＊ 漏"),
        ("602室没暖气", "＊＊没暖气"),
        ("五楼西户往下扔东西", "＊＊往下扔东西"),
        ("俺家302天花板漏", "俺家＊＊天花板漏"),
        ("三号楼二单元五零二漏水", "三号楼二单元＊＊漏水"),
        ("5-502 下水堵", "＊＊ 下水堵"),
        ("502漏水", "＊＊漏水"),
        ("楼上502天天吵", "楼上＊＊天天吵"),
        ("1单元12层3号", "1单元12层＊＊"),
        ("我是刘桂英，灯不亮", "我是＊＊，灯不亮"),
        ("我儿子叫李明", "我儿子叫＊＊"),
        ("微信号abc_12345", "微信号＊＊"),
        ("写信到 wang.3@qq.com", "写信到 ＊＊"),
        ("京A·12345堵门", "＊＊堵门"),
    ],
)
def test_who_and_where_somebody_is_can_be_hidden(text: str, hidden: str) -> None:
    assert masked(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "改造花了1200元",
        "全院256户",
        "2018年10月修的",
        "4号楼西头房顶漏",
        "六楼没水",
        "小马扎凉，坐不住",
        "楼太老高了",
        "小房拆了，老管换了",
        "请施工队长来看看",
        "高层吃水难",
        "一个月光充电五六百",
        "3号楼三四五层漏",
        "三号楼四五六单元没灯",
        "住了二三十年",
        "每户4-5000元",
        "大概10-200米",
        "300家都没水",
        "12层3号线响",
        "我是老党员",
    ],
)
def test_what_names_nobody_stays_readable(text: str) -> None:
    assert masked(text) == text


def test_a_clause_is_masked_by_what_the_whole_sentence_tells() -> None:
    text = "住502,漏水"
    assert masked(text, 1, 4) == HIDDEN
    assert masked(text, 2, 7) == f"{HIDDEN},漏水"
    assert masked(text, 5) == "漏水"


def test_each_piece_says_what_it_is() -> None:
    text = "张师傅13812345678，住二楼东户"
    assert [(piece.kind, text[piece.start : piece.end]) for piece in private(text)] == [
        (Kind.NAME, "张师傅"),
        (Kind.NUMBER, "13812345678"),
        (Kind.ROOM, "二楼东户"),
    ]


@given(st.text(alphabet="张王老小大爷师傅1380-号楼单元室，的家", max_size=60))
def test_pieces_do_not_overlap_and_all_else_is_kept(text: str) -> None:
    found = private(text)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    kept = "".join(c for n, c in enumerate(text) if not any(p.start <= n < p.end for p in found))
    assert masked(text).replace(HIDDEN, "") == kept.replace(HIDDEN, "")

"""What sheets, columns and types of a workbook are called: in Chinese, and in XLSForm."""

import re
import unicodedata
from collections.abc import Mapping

SHEETS: Mapping[str, str] = {
    "survey": "survey 题目 问题 题目表",
    "choices": "choices 选项 选项表",
    "settings": "settings 设置",
}
"""sheet → its names"""
SURVEY: Mapping[str, str] = {
    "type": "题型 type 类型 题目类型",
    "name": "编号 name 题号 代号 变量名",
    "label": "题目 label 标题 题干 问题",
    "hint": "说明 hint 提示 补充说明",
    "required": "必答 required 必填 是否必答 是否必填",
    "list": "选项表 kobo--score-choices kobo--rank-items",
    "choices": "选项",
    "rows": "行 行表 矩阵行",
    "relevant": "显示条件 relevant relevance 条件 显示逻辑",
    "least": "最少 最少选 至少选",
    "most": "最多 最多选 至多选",
    "lowest": "最小 最小值 最早",
    "highest": "最大 最大值 最晚",
    "decimals": "小数位 小数位数",
    "unit": "单位",
    "suggests": "收意见 收进意见",
    "off": "停用 disabled 不问",
    "constraint": "constraint 限制",
    "appearance": "appearance",
    "parameters": "parameters",
    "default": "default 默认值",
    "choice_filter": "choice_filter 选项筛选",
    "calculation": "calculation",
    "repeat_count": "repeat_count",
    "media": "media image audio video big-image",
    "aside": "constraint_message required_message guidance_hint read_only readonly trigger"
    " note notes 备注 body bind instance label_audio intent kobo--rank-constraint-message"
    " parameters_message hxl query save_to $kuid $given_name $autoname $qpath $xpath",
}
"""column of the questions → its names, the first one ours; `aside` says nothing to us"""
ONLY_IN = frozenset(
    ["choices", "constraint", "appearance", "parameters", "default", "choice_filter", "calculation"]
    + ["repeat_count", "media", "aside"]
)
"""columns that come in and never go out"""
CHOICES: Mapping[str, str] = {
    "list": "选项表 list_name 表名 list",
    "name": "编号 name value 值 代号",
    "label": "选项 label 名称 文字",
    "alone": "排他 互斥 单独选",
    "writes": "其他填写 可填写 填写",
    "off": "停用 disabled",
    "media": "media image audio video",
    "aside": "note notes 备注 order $kuid $autovalue filter",
}
SETTINGS: Mapping[str, str] = {
    "title": "标题 form_title title 问卷名称 名称",
    "intro": "引言 intro 开头的话 开场白",
    "keeps": "记什么 keeps",
    "seen_by": "谁看得到 seen_by",
    "language": "default_language",
    "aside": "form_id id_string version style instance_name public_key submission_url auto_send"
    " auto_delete allow_choice_duplicates namespaces"
    " sms_keyword prefix delimiter clean_text_values",
}
COLUMNS = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}

TYPES: Mapping[str, str] = {
    "single": "单选|单选题|select_one|select one|select one from|select1",
    "several": "多选|多选题|select_multiple|select multiple|select all that apply",
    "dropdown": "下拉选择|下拉|下拉题|下拉框",
    "rank": "排序|排序题|rank",
    "scale": "五级量表|量表|量表题|打分|评分题",
    "yesno": "是非|是非题|判断|判断题|acknowledge|trigger",
    "matrix": "矩阵|矩阵题|矩阵单选|矩阵单选题|矩阵量表",
    "number": "数字|数字题|integer|int|整数",
    "decimal": "decimal|小数",
    "range": "range",
    "date": "日期|日期题|date",
    "short": "填空|填空题|单行填空|string",
    "long": "问答|问答题|简答|简答题|多行填空",
    "text": "text",
    "place": "楼栋单元|楼栋|楼号",
    "photo": "照片|照片题|图片|上传图片",
    "image": "image|photo",
    "note": "说明|段落说明|note",
    "section": "分节|节|段落",
    "begin": "begin_group|begin group|分组开始",
    "end": "end_group|end group|分组结束",
    "begin_repeat": "begin_repeat|begin repeat",
    "end_repeat": "end_repeat|end repeat",
    "score": "begin_score",
    "score_row": "score__row",
    "end_score": "end_score",
    "ranking": "begin_rank",
    "rank_level": "rank__level",
    "end_ranking": "end_rank",
    "ignored": "calculate|hidden|start|end|today|deviceid|device id|subscriberid|subscriber id"
    "|simserial|sim id|phonenumber|phone number|username|email|audit|start-geopoint"
    "|background-audio|background-geopoint|xml-external|csv-external",
}
"""what a row of the questions is → what stands in its first column"""

YES = frozenset(("yes", "true", "true()", "1", "是", "y", "√", "✓", "对", "要", "有", "必答"))
NO = frozenset(("", "no", "false", "false()", "0", "否", "n", "不", "×", "无", "不要", "选答"))
_CHINESE = re.compile("chinese|中文|汉语|简体|普通话|zh|cn", re.IGNORECASE)
_BRACKETED = re.compile(r"[(\[【].*?[)\]】]")


def _turned(names: Mapping[str, str], parted_by: str | None = None) -> dict[str, str]:
    return {word: name for name, words in names.items() for word in words.split(parted_by)}


_SHEET_OF = _turned(SHEETS)
_COLUMN_OF = {sheet: _turned(columns) for sheet, columns in COLUMNS.items()}
_TYPE_OF = _turned(TYPES, "|")


def sheet_called(name: str) -> str | None:
    """Which sheet one of this name is."""
    return _SHEET_OF.get(_plain(name))


def column_called(sheet: str, header: str) -> tuple[str, str] | None:
    """Which column of a sheet a header names, and in what language: `label::中文 (zh)`."""
    base, _sep, language = unicodedata.normalize("NFKC", header).strip().partition(":")
    word = re.sub(r"\s+", "_", _plain(base))
    column = _COLUMN_OF[sheet].get(word) or ("aside" if word.startswith("kobo--") else None)
    return (column, language.strip(": ")) if column else None


def _plain(text: str) -> str:
    """题型（type）* → 题型"""
    text = unicodedata.normalize("NFKC", text).lower()
    return _BRACKETED.sub("", text).replace("*", "").strip()


def type_called(text: str) -> tuple[str, str]:
    """What a row is, and what follows in its cell: the list of choices, `or_other`.

    An unknown one is "".
    """
    words = unicodedata.normalize("NFKC", text).split()
    for count in range(min(4, len(words)), 0, -1):
        if found := _TYPE_OF.get(" ".join(words[:count]).lower()):
            return found, " ".join(words[count:])
    return "", ""


def by_language(language: str, wanted: str) -> int:
    """In which order the languages of a label are taken: Chinese, the file's own, none, any."""
    if language and _CHINESE.search(language):
        return 0
    return 1 if language == wanted and language else 2 if not language else 3

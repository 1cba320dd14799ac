"""What firmware writes in its own way, and is understood all the same."""

from enum import StrEnum


class Dialect(StrEnum):
    """A kind of deviation from the vendor's page that has one meaning only."""

    GB18030 = "text in GB18030"
    LATIN_1 = "text in Latin-1"
    PADDING = "padding around the JSON"
    CONTROL_CHARACTERS = "control characters in a string"
    TRAILING_COMMAS = "trailing commas"
    ODD_NUMBERS = "numbers that JSON does not have"
    BEHIND_THE_END = "something behind the closing brace"
    SURROGATES = "half of a character"
    REQUEST_ID = "request_id missing or not a string"
    TIME_UNIT = "timestamp not in seconds"
    COMMAND_AS_TEXT = "cmd_data as a string"
    PICTURE_BESIDE = "the picture beside cmd_data"
    SN_LETTERS = "sn in other letters"
    RUN_TIME_UNIT = "run_time in milliseconds"
    DATA_URI = "base64 as a data URI"
    BASE64_LINES = "base64 in lines"
    URL_SAFE = "base64 in the URL-safe alphabet"
    NO_PADDING = "base64 without its padding"
    LOST_PLUS = "base64 with a space where a plus was"
    WHITE_SPACE = "white space around base64"
    FORM_FIELDS = "fields of a form instead of JSON"
    BASE64_ALONE = "base64 without a message"
    SPARE_FILES = "other files beside the picture"
    BEHIND_THE_ADDRESS = "something behind the address"

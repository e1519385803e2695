"""Every failure that a person can meet, each with a number that is never reused.

The hundreds say who must act: 1xx the clerk, 2xx nobody (it retries by itself),
3xx the district, 4xx us (a bug). The words for each number, in Chinese, are in
`assets/text/problems.zh-CN.toml`; a test fails when a number has none.
"""

from enum import IntEnum


class Code(IntEnum):
    """The numbers. Blocks: see the comments; retired numbers stay as comments."""

    # 100-109 unlocking and operators
    NOT_SET_UP = 100
    PASSPHRASE_WRONG = 101
    PASSPHRASE_WEAK = 102
    PASSPHRASE_MISSING = 103
    DESK_LOCKED = 104
    NOT_ALLOWED = 105
    LAST_SUPERVISOR = 106
    RECOVERY_KEY_WRONG = 107
    LOGIN_TAKEN = 108
    ALREADY_SET_UP = 109

    # 110-149 form faults, per field (schemas/forms); 140 and up warn and never block
    ANSWER_MISSING = 110
    ANSWER_WRONG_SHAPE = 111
    NOT_AN_OPTION = 112
    TEXT_TOO_LONG = 113
    NUMBER_OUT_OF_RANGE = 114
    TOO_MANY_DECIMALS = 115
    DATE_TOO_LATE = 116
    DATE_ORDER = 117
    ID_CHECK_DIGIT = 118
    CREDIT_CODE_CHECK = 119
    PHONE_SHAPE = 120
    TOO_FEW_CHOSEN = 121
    TOO_MANY_CHOSEN = 122
    ROWS_MISSING = 123
    SUM_WRONG = 124
    POLYGON_TOO_FEW = 125
    POLYGON_CROSSES = 126
    PATTERN_UNMET = 127
    MATERIAL_NOT_TAKEN = 128
    MATERIAL_NOT_DEFERRABLE = 129
    MATERIAL_UNJUDGED = 130
    MATERIAL_NOT_LISTED = 131
    UNUSUAL_PATTERN = 140
    OUTSIDE_USUAL_AREA = 141
    UNUSUAL_NUMBER = 142
    RULE_TO_MIND = 143
    FIELD_FROM_OTHER_EDITION = 144
    MATERIAL_OWED = 145

    # 150-169 casework
    ITEM_UNKNOWN = 150
    ITEM_RETIRED = 151
    CASE_UNKNOWN = 152
    DRAFT_UNKNOWN = 153
    CASE_NOT_RETURNED = 154
    RECEIVED_IN_FUTURE = 155
    BACK_ENTRY_NEEDS_REASON = 156
    FORM_HAS_FAULTS = 157
    NUMBER_MALFORMED = 158
    NOT_ENROLLED = 159
    APPLICANT_KIND_NOT_ADMITTED = 160
    NUMBERS_EXHAUSTED = 161
    DRAFT_CHANGED_ELSEWHERE = 162
    REASON_MISSING = 163
    LINE_NOT_READABLE = 164
    OPERATOR_UNKNOWN = 165
    STEP_NOT_ADMITTED = 166
    ALREADY_TOLD = 167
    ALREADY_EXTENDED = 168
    ALREADY_RATED = 169

    # 170-189 files, catalogue, enrolment at the desk
    EDITION_INVALID = 170
    EDITION_NOT_NEWER = 171
    FILE_NOT_READABLE = 172
    ENROL_CODE_MALFORMED = 173
    ALREADY_ENROLLED = 174
    GRANT_NOT_FOR_THIS_DESK = 175
    NO_DISPLAY = 176
    FILE_NOT_WRITABLE = 177

    # 178-189 casework, more of it
    CLOCK_ALREADY_STOPPED = 178
    CLOCK_NOT_STOPPED = 179
    NOT_FORWARDABLE = 180
    MATERIALS_OWED = 181
    NOT_DEFERRABLE = 182
    DUE_DAY_PAST = 183
    SAME_PERSON = 184
    WITNESS_MISSING = 185
    COMMITMENT_NOT_PERMITTED = 186
    ATTACHMENT_TOO_LARGE = 187
    ATTACHMENT_NOT_READABLE = 188
    SLIP_NOT_GENUINE = 189

    # 190-199 printing
    NO_PRINTER = 190
    PRINT_FAILED = 191
    DOCUMENT_NOT_DUE = 192
    TOO_MANY_TRIES = 193
    BLANK_UNKNOWN = 194

    # 1030-1034 the line, as a supervisor sets it
    QUARANTINE_UNKNOWN = 1030
    LIMIT_OUT_OF_RANGE = 1031
    NOT_RETRIABLE = 1032
    # 1050-1064 backups, restores, numbers after a rollback
    NUMBERING_FROZEN = 1050
    BACKUP_NOT_PREPARED = 1051
    BACKUP_UNREADABLE = 1052
    BACKUP_FOLDER_MISSING = 1053
    BACKUP_NOT_WRITTEN = 1054
    BACKUP_UNKNOWN = 1055
    RESTORE_WOULD_OVERWRITE = 1056
    RELEASE_NOT_FOR_THIS = 1057
    BACKUP_WITHOUT_ESCROW = 1058
    NUMBERING_NOT_FROZEN = 1059
    NUMBER_NOT_OF_TODAY = 1060
    KEYS_RENEWAL_UNDER_WAY = 1061

    # 200-249 retries by itself
    LINE_DOWN = 200
    LINE_TIMED_OUT = 201
    ANSWER_NOT_OURS = 202
    DISTRICT_BUSY = 203
    DISTRICT_FAILED = 204
    VAULT_BUSY = 205
    ENROLMENT_PENDING = 206
    UPLOAD_GONE = 207
    UPLOAD_ELSEWHERE = 208
    UPLOAD_TAKEN_OVER = 209
    UPLOAD_GARBLED = 210
    UPLOAD_QUOTA = 211

    # 231-236 sticks: nothing to do but wait for the next one
    STICK_NOT_ANSWERED = 231

    # 300-349 the district must act
    DEVICE_UNKNOWN = 300
    DEVICE_REVOKED = 301
    ENROL_CODE_REFUSED = 302
    ENROL_CODE_EXPIRED = 303
    ENROLMENT_REFUSED = 304
    BATCH_OVERLAPS = 305
    SUITE_UNKNOWN = 306
    DISTRICT_NOT_TRUSTED = 307
    TERMINAL_TAKEN = 308
    CHAIN_FORKED = 309
    DEVICE_CLONED = 319
    DEVICE_KEY_RETIRED = 320
    AFTER_CUT_OFF = 321
    NUMBER_ON_TWO_PAPERS = 322
    ANSWER_NOT_PROVEN = 323
    DISTRICT_LOST_ENTRIES = 324

    # 350-379 district staff
    DISTRICT_NOT_SET_UP = 350
    DISTRICT_ALREADY_SET_UP = 351
    STAFF_SIGN_IN_FAILED = 352
    STAFF_NOT_ALLOWED = 353
    ANSWER_NOT_ADMITTED = 354
    ANSWER_INCOMPLETE = 355
    DEVICE_NOT_FOUND = 356
    FORM_EXPIRED = 357
    OPENING_KEY_MISSING = 358
    ADDRESS_IN_USE = 359
    CALENDAR_INVALID = 369
    COMMAND_UNKNOWN = 370
    NOTHING_RECEIPTED = 371
    KEY_STILL_IN_USE = 364
    KEY_UNKNOWN = 365

    # 400-449 a bug, damage, or an attack
    UNEXPECTED = 400
    SIGNATURE_INVALID = 401
    SEAL_BROKEN = 402
    MESSAGE_MALFORMED = 403
    CHAIN_BROKEN = 404
    VAULT_DAMAGED = 405
    VAULT_NEWER = 406
    DISK_FULL = 407
    SELF_TEST_FAILED = 408
    KEY_MISSING = 409
    FEED_GAP = 410
    LEDGER_NEWER = 411
    STICK_FILE_DAMAGED = 427
    STICK_FILE_UNKNOWN = 428
    STICK_FILE_TOO_LARGE = 429
    PUBLICATION_BROKEN = 430

    # 1065-1079 the clerk, continued: sticks and receipts on paper
    STICK_NOT_FOUND = 1065
    STICK_READ_ONLY = 1066
    STICK_FULL = 1067
    STICK_PULLED_OUT = 1068
    STICK_FOREIGN = 1069
    STICK_NOT_FOR_THIS_DESK = 1070
    PAPER_NOT_OURS = 1071
    PAPER_PARTS_MISSING = 1072
    PAPER_NOT_FOR_THIS_DESK = 1073
    PAPER_MIXED = 1074
    PAPER_MISREAD = 1075
    ENTRY_WITHHELD = 412
    BATCH_UNREADABLE = 413
    SUCCESSION_INVALID = 422
    RETURNED_ENTRY_FALSE = 423


class Problem(Exception):  # noqa: N818 - the field's word, as in RFC 9457
    """A failure with a number; `params` fill the placeholders of its words.

    `params` never carry the content of a record: they are shown and logged.
    """

    def __init__(self, code: Code, **params: str | int) -> None:
        """Keep the number and what its words need."""
        super().__init__(f"{int(code)} {code.name} {params}")
        self.code = code
        self.params = params

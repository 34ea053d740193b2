#include "number-section.h"

#include <math.h>
#include <string.h>

#define SECTIONS_MAX 4
/* longer codes are cut: Excel takes 255 characters */
#define CODE_BYTES_MAX 2048

struct NumberFormat {
  Section sections[SECTIONS_MAX];
  guint n;          /* all */
  guint n_numbers;  /* those that apply to numbers, the first ones */
  gboolean general; /* "General" and no more */
};

/* --- the codes of Excel ------------------------------------------------------------------------
 */

/* ECMA-376 part 1, 18.8.30, with currency and short date as Excel shows them in English; ids of
 * East Asian dates as the plain ones. */
const char *
number_format_builtin (guint id)
{
  static const char *const codes[] = {
      [0] = "General",
      [1] = "0",
      [2] = "0.00",
      [3] = "#,##0",
      [4] = "#,##0.00",
      [5] = "$#,##0_);($#,##0)",
      [6] = "$#,##0_);[Red]($#,##0)",
      [7] = "$#,##0.00_);($#,##0.00)",
      [8] = "$#,##0.00_);[Red]($#,##0.00)",
      [9] = "0%",
      [10] = "0.00%",
      [11] = "0.00E+00",
      [12] = "# ?/?",
      [13] = "# ?\?/??",
      [14] = "m/d/yy",
      [15] = "d-mmm-yy",
      [16] = "d-mmm",
      [17] = "mmm-yy",
      [18] = "h:mm AM/PM",
      [19] = "h:mm:ss AM/PM",
      [20] = "h:mm",
      [21] = "h:mm:ss",
      [22] = "m/d/yy h:mm",
      [27] = "m/d/yy",
      [28] = "m/d/yy",
      [29] = "m/d/yy",
      [30] = "m/d/yy",
      [31] = "m/d/yy",
      [32] = "h:mm",
      [33] = "h:mm:ss",
      [34] = "h:mm AM/PM",
      [35] = "h:mm:ss AM/PM",
      [36] = "m/d/yy",
      [37] = "#,##0_);(#,##0)",
      [38] = "#,##0_);[Red](#,##0)",
      [39] = "#,##0.00_);(#,##0.00)",
      [40] = "#,##0.00_);[Red](#,##0.00)",
      [41] = "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)",
      [42] = "_($* #,##0_);_($* (#,##0);_($* \"-\"_);_(@_)",
      [43] = "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"?\?_);_(@_)",
      [44] = "_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"?\?_);_(@_)",
      [45] = "mm:ss",
      [46] = "[h]:mm:ss",
      [47] = "mm:ss.0",
      [48] = "##0.0E+0",
      [49] = "@",
      [50] = "m/d/yy",
      [51] = "m/d/yy",
      [52] = "m/d/yy",
      [53] = "m/d/yy",
      [54] = "m/d/yy",
      [55] = "m/d/yy",
      [56] = "m/d/yy",
      [57] = "m/d/yy",
      [58] = "m/d/yy",
  };

  return id < G_N_ELEMENTS (codes) && codes[id] != NULL ? codes[id] : "General";
}

/* --- tokens ------------------------------------------------------------------------------------
 */

static void
add_token (Section *section, TokenType type, char letter, guint count)
{
  Token token = {.type = type, .letter = letter, .count = (guint8)MIN (count, 255)};

  g_array_append_val (section->tokens, token);
}

static void
add_literal (Section *section, const char *text, gsize bytes)
{
  Token *last = section->tokens->len > 0
                    ? &g_array_index (section->tokens, Token, section->tokens->len - 1)
                    : NULL;
  Token token = {
      .type = TOKEN_LITERAL, .offset = (guint)section->literals->len, .bytes = (guint)bytes};

  g_string_append_len (section->literals, text, (gssize)bytes);
  if (last != NULL && last->type == TOKEN_LITERAL)
    last->bytes += (guint)bytes;
  else if (bytes > 0)
    g_array_append_val (section->tokens, token);
}

static gboolean
starts_with (const char *at, const char *end, const char *word)
{
  gsize bytes = strlen (word);

  return (gsize)(end - at) >= bytes && g_ascii_strncasecmp (at, word, bytes) == 0;
}

/* The bytes of the character at `at`. */
static gsize
character_bytes (const char *at, const char *end)
{
  const char *next = at + 1;

  while (next < end && ((guchar)*next & 0xc0) == 0x80)
    next++;
  return (gsize)(next - at);
}

/* [>=100] */
static gboolean
parse_condition (Section *section, const char *inside)
{
  static const struct {
    const char *text;
    char operator;
  } operators[] = {{"<=", 'l'}, {">=", 'g'}, {"<>", 'n'}, {"<", '<'}, {">", '>'}, {"=", '='}};

  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    if (g_str_has_prefix (inside, operators[i].text)) {
      section->operator= operators[i].operator;
      section->operand = g_ascii_strtod (inside + strlen (operators[i].text), NULL);
      return TRUE;
    }
  return FALSE;
}

/* [$€-407]: currency and locale; F800 and F400 stand for the system's long date and time. */
static void
parse_locale (Section *section, const char *inside)
{
  const char *dash = strrchr (inside, '-');
  guint64 id = dash == NULL ? 0 : g_ascii_strtoull (dash + 1, NULL, 16);

  add_literal (section, inside + 1,
               dash == NULL ? strlen (inside + 1) : (gsize)(dash - inside - 1));
  if ((id & 0xffff) != 0xf800 && (id & 0xffff) != 0xf400 && (id & 0xffff) != 0)
    section->locale = (guint)(id & 0xffff);
}

/* Past the ']'. */
static const char *
parse_bracket (Section *section, const char *at, const char *end)
{
  const char *close = memchr (at, ']', (gsize)(end - at));
  g_autofree char *inside = NULL;
  gsize bytes;

  if (close == NULL) {
    add_literal (section, at, 1);
    return at + 1;
  }
  inside = g_strndup (at + 1, (gsize)(close - at - 1));
  bytes = strlen (inside);
  if (*inside == '$') {
    parse_locale (section, inside);
  } else if (bytes > 0 && strchr ("hmsHMS", *inside) != NULL &&
             strspn (inside, (char[]){*inside, '\0'}) == bytes) {
    char letter = g_ascii_tolower (*inside);

    add_token (section, TOKEN_ELAPSED, letter == 'm' ? 'n' : letter, (guint)bytes);
  } else {
    /* a colour, [DBNum1]: nothing to show */
    parse_condition (section, inside);
  }
  return close + 1;
}

static const char *
parse_quoted (Section *section, const char *at, const char *end)
{
  const char *close = memchr (at + 1, '"', (gsize)(end - at - 1));

  if (close == NULL)
    close = end;
  add_literal (section, at + 1, (gsize)(close - at - 1));
  return MIN (close + 1, end);
}

/* A run of one letter of dates. */
static const char *
parse_date_letter (Section *section, const char *at, const char *end)
{
  char letter = g_ascii_tolower (*at);
  const char *next = at;

  while (next < end && g_ascii_tolower (*next) == letter)
    next++;
  if (letter == 'e') /* the year of an era: as the year */
    add_token (section, TOKEN_DATE, 'y', 4);
  else if (letter == 'a') /* days of the week, as ddd */
    add_token (section, TOKEN_DATE, 'd', (guint)(next - at));
  else if (letter != 'g')
    add_token (section, TOKEN_DATE, letter, (guint)(next - at));
  return next;
}

static gboolean
is_date_letter (const char *at, const char *end)
{
  switch (g_ascii_tolower (*at)) {
  case 'y':
  case 'm':
  case 'd':
  case 'h':
  case 's':
  case 'g':
  case 'e':
    return TRUE;
  case 'a':
    return starts_with (at, end, "aaa");
  default:
    return FALSE;
  }
}

/* A letter or a sign that means something. NULL: it does not. */
static const char *
parse_word (Section *section, const char *at, const char *end)
{
  if (starts_with (at, end, "General")) {
    add_token (section, TOKEN_GENERAL, 0, 0);
    return at + 7;
  }
  if (starts_with (at, end, "AM/PM") || starts_with (at, end, "A/P")) {
    guint bytes = g_ascii_tolower (at[1]) == 'm' ? 5 : 3;

    add_token (section, TOKEN_AM_PM, 0, bytes == 3 ? 1 : 2);
    return at + bytes;
  }
  if (starts_with (at, end, "E+") || starts_with (at, end, "E-")) {
    add_token (section, TOKEN_EXPONENT, at[1], 0);
    return at + 2;
  }
  return is_date_letter (at, end) ? parse_date_letter (section, at, end) : NULL;
}

static const char *
parse_token (Section *section, const char *at, const char *end)
{
  static const struct {
    char sign;
    TokenType type;
  } signs[] = {{'.', TOKEN_POINT}, {',', TOKEN_COMMA}, {'%', TOKEN_PERCENT}, {'/', TOKEN_SLASH},
               {'@', TOKEN_TEXT},  {'0', TOKEN_DIGIT}, {'#', TOKEN_DIGIT},   {'?', TOKEN_DIGIT}};
  const char *next;

  switch (*at) {
  case '"':
    return parse_quoted (section, at, end);
  case '[':
    return parse_bracket (section, at, end);
  case '\\':
  case '_':
  case '*':
    if (at + 1 == end)
      return end;
    next = at + 1 + character_bytes (at + 1, end);
    if (*at == '\\')
      add_literal (section, at + 1, (gsize)(next - at - 1));
    return next;
  default:
    break;
  }
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (*at == signs[i].sign) {
      add_token (section, signs[i].type, *at, 1);
      return at + 1;
    }
  next = parse_word (section, at, end);
  if (next == NULL) {
    next = at + character_bytes (at, end);
    add_literal (section, at, (gsize)(next - at));
  }
  return next;
}

/* --- what a section is -------------------------------------------------------------------------
 */

static Token *
token_at (const Section *section, guint i)
{
  return &g_array_index (section->tokens, Token, i);
}

/* The next token of dates from `i` on in steps of `step`; NULL: there is none. */
static const Token *
date_token_from (const Section *section, guint i, int step)
{
  for (; i < section->tokens->len; i += (guint)step) {
    const Token *token = token_at (section, i);

    if (token->type == TOKEN_DATE || token->type == TOKEN_ELAPSED)
      return token;
  }
  return NULL;
}

/* "m" next to hours or seconds means minutes. */
static void
find_minutes (Section *section)
{
  for (guint i = 0; i < section->tokens->len; i++) {
    Token *token = token_at (section, i);
    const Token *before, *after;

    if (token->type != TOKEN_DATE || token->letter != 'm' || token->count > 2)
      continue;
    before = date_token_from (section, i - 1, -1);
    after = date_token_from (section, i + 1, 1);
    if ((before != NULL && before->letter == 'h') || (after != NULL && after->letter == 's'))
      token->letter = 'n';
  }
}

/* ".00" after seconds, and what is a sign of numbers otherwise, in a section of dates. */
static void
fix_date_signs (Section *section)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (Token));

  for (guint i = 0; i < section->tokens->len; i++) {
    Token token = *token_at (section, i);
    guint zeros = 0;

    while (token.type == TOKEN_POINT && i + 1 + zeros < section->tokens->len &&
           token_at (section, i + 1 + zeros)->type == TOKEN_DIGIT)
      zeros++;
    if (zeros > 0) {
      token = (Token){.type = TOKEN_SUBSECOND, .count = (guint8)MIN (zeros, 9)};
      i += zeros;
    } else if (token.type == TOKEN_POINT || token.type == TOKEN_COMMA ||
               token.type == TOKEN_SLASH || token.type == TOKEN_PERCENT ||
               token.type == TOKEN_DIGIT) {
      token.offset = (guint)section->literals->len;
      token.bytes = 1;
      token.type = TOKEN_LITERAL;
      g_string_append_c (section->literals, token.letter);
    }
    g_array_append_val (tokens, token);
  }
  g_array_set_size (section->tokens, 0);
  g_array_append_vals (section->tokens, tokens->data, tokens->len);
}

static gboolean
has_token (const Section *section, TokenType type)
{
  for (guint i = 0; i < section->tokens->len; i++)
    if (token_at (section, i)->type == type)
      return TRUE;
  return FALSE;
}

/* A slash between digits, or before a number that is the denominator. */
static gboolean
is_fraction (const Section *section)
{
  gboolean digits = FALSE;

  for (guint i = 0; i < section->tokens->len; i++) {
    const Token *token = token_at (section, i);
    const Token *next = i + 1 < section->tokens->len ? token_at (section, i + 1) : NULL;

    if (token->type == TOKEN_SLASH && digits && next != NULL &&
        (next->type == TOKEN_DIGIT ||
         (next->type == TOKEN_LITERAL && g_ascii_isdigit (section->literals->str[next->offset]))))
      return TRUE;
    digits |= token->type == TOKEN_DIGIT;
  }
  return FALSE;
}

static void
classify (Section *section)
{
  if (has_token (section, TOKEN_DATE) || has_token (section, TOKEN_ELAPSED)) {
    section->kind = SECTION_DATE;
    find_minutes (section);
    fix_date_signs (section);
  } else if (has_token (section, TOKEN_TEXT)) {
    section->kind = SECTION_TEXT;
  } else {
    section->kind = is_fraction (section) ? SECTION_FRACTION : SECTION_NUMBER;
  }
}

/* --- the format --------------------------------------------------------------------------------
 */

/* Returns where the section ends: at its ';' or the code's end. */
static const char *
parse_section (Section *section, const char *at, const char *end)
{
  section->tokens = g_array_new (FALSE, TRUE, sizeof (Token));
  section->literals = g_string_new (NULL);
  while (at < end && *at != ';')
    at = parse_token (section, at, end);
  classify (section);
  return at;
}

NumberFormat *
number_format_new (const char *code)
{
  NumberFormat *format = g_new0 (NumberFormat, 1);
  const char *at = code, *end = code + MIN (strlen (code), CODE_BYTES_MAX);

  do {
    at = parse_section (&format->sections[format->n++], at, end);
  } while (at < end && *at++ == ';' && format->n < SECTIONS_MAX);
  format->n_numbers = MIN (format->n, 3);
  while (format->n_numbers > 1 && format->sections[format->n_numbers - 1].kind == SECTION_TEXT)
    format->n_numbers--;
  format->general = g_ascii_strcasecmp (code, "General") == 0 || *code == '\0';
  return format;
}

void
number_format_free (NumberFormat *format)
{
  for (guint i = 0; format != NULL && i < format->n; i++) {
    g_array_unref (format->sections[i].tokens);
    g_string_free (format->sections[i].literals, TRUE);
  }
  g_free (format);
}

gboolean
number_format_is_date (const NumberFormat *format)
{
  for (guint i = 0; i < format->n; i++)
    if (format->sections[i].kind == SECTION_DATE)
      return TRUE;
  return FALSE;
}

static gboolean
condition_holds (const Section *section, double value)
{
  switch (section->operator) {
  case '<':
    return value < section->operand;
  case '>':
    return value > section->operand;
  case 'l':
    return value <= section->operand;
  case 'g':
    return value >= section->operand;
  case 'n':
    return value < section->operand || value > section->operand;
  default:
    return !(value < section->operand || value > section->operand);
  }
}

static guint
choose_section (const NumberFormat *format, double value)
{
  const Section *first = &format->sections[0], *second = &format->sections[1];

  if (format->n_numbers == 1)
    return 0;
  if (first->operator!= 0                              ? condition_holds (first, value)
      : format->n_numbers == 2 && second->operator== 0 ? value >= 0
                                                       : value> 0)
    return 0;
  if (format->n_numbers == 2 && second->operator== 0)
    return 1;
  if (second->operator!= 0 ? condition_holds (second, value) : value<0)
    return 1;
  return format->n_numbers - 1;
}

void
number_format_append (const NumberFormat *format, double value, gboolean epoch_1904, GString *out)
{
  guint index;
  const Section *section;

  if (!isfinite (value) || format->general) {
    number_format_append_general (value, out);
    return;
  }
  index = choose_section (format, value);
  section = &format->sections[index];
  /* the section of negative numbers says itself how they look */
  if (value < 0 && index == 1 &&
      (section->operator== 0 || section->operator== '<' || section->operator== 'l'))
    value = -value;
  if (section->kind == SECTION_TEXT)
    number_format_append_general (value, out);
  else if (section->kind == SECTION_FRACTION)
    section_append_fraction (section, value, out);
  else if (section->kind == SECTION_NUMBER)
    section_append_number (section, value, out);
  else if (!section_append_date (section, value, epoch_1904, out))
    number_format_append_general (value, out);
}

void
number_format_append_text (const NumberFormat *format, const char *text, gsize bytes, GString *out)
{
  const Section *section = &format->sections[format->n - 1];

  if (format->n < SECTIONS_MAX && section->kind != SECTION_TEXT) {
    g_string_append_len (out, text, (gssize)bytes);
    return;
  }
  for (guint i = 0; i < section->tokens->len; i++) {
    const Token *token = token_at (section, i);

    if (token->type == TOKEN_TEXT || token->type == TOKEN_GENERAL)
      g_string_append_len (out, text, (gssize)bytes);
    else if (token->type == TOKEN_LITERAL)
      g_string_append_len (out, section->literals->str + token->offset, (gssize)token->bytes);
  }
}

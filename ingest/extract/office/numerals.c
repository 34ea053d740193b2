#include "numerals.h"

#include <string.h>

#define ROMAN_MAX 3999
/* "aaaa" is the longest that is written out */
#define REPEAT_MAX 32

static void
append_roman (GString *out, guint value, gboolean is_upper)
{
  static const struct {
    guint value;
    const char *upper;
    const char *lower;
  } digits[] = {{1000, "M", "m"}, {900, "CM", "cm"}, {500, "D", "d"}, {400, "CD", "cd"},
                {100, "C", "c"},  {90, "XC", "xc"},  {50, "L", "l"},  {40, "XL", "xl"},
                {10, "X", "x"},   {9, "IX", "ix"},   {5, "V", "v"},   {4, "IV", "iv"},
                {1, "I", "i"}};

  if (value > ROMAN_MAX || value == 0) {
    g_string_append_printf (out, "%u", value);
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (digits); i++)
    for (; value >= digits[i].value; value -= digits[i].value)
      g_string_append (out, is_upper ? digits[i].upper : digits[i].lower);
}

/* --- alphabets ---------------------------------------------------------------------------------
 */

typedef struct {
  const char *format;
  const char *letters; /* in order */
  gboolean repeats;    /* after z comes aa, bb; otherwise it starts again */
} Alphabet;

static const Alphabet alphabets[] = {
    {"upperLetter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", TRUE},
    {"lowerLetter", "abcdefghijklmnopqrstuvwxyz", TRUE},
    {"A", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", TRUE},
    {"a", "abcdefghijklmnopqrstuvwxyz", TRUE},
    {"russianLower", "абвгдежзиклмнопрстуфхцчшщыэюя", TRUE},
    {"russianUpper", "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ", TRUE},
    {"hebrew2", "אבגדהוזחטיכלמנסעפצקרשת", TRUE},
    {"arabicAlpha", "أبتثجحخدذرزسشصضطظعغفقكلمنهوي", TRUE},
    {"arabicAbjad", "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ", TRUE},
    {"thaiLetters", "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ", TRUE},
    {"aiueo",
     "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
     FALSE},
    {"aiueoFullWidth",
     "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
     FALSE},
    {"iroha",
     "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセ"
     "ス",
     FALSE},
    {"irohaFullWidth",
     "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセ"
     "ス",
     FALSE},
    {"ganada", "가나다라마바사아자차카타파하", FALSE},
    {"chosung", "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ", FALSE},
    {"ideographTraditional", "甲乙丙丁戊己庚辛壬癸", FALSE},
    {"ideographZodiac", "子丑寅卯辰巳午未申酉戌亥", FALSE},
    {"decimalEnclosedCircle", "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", FALSE},
    {"decimalEnclosedCircleChinese", "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", FALSE},
    {"decimalEnclosedFullstop", "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛", FALSE},
    {"decimalEnclosedParen", "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", FALSE},
    {"ideographEnclosedCircle", "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", FALSE},
    {"chicago", "*†‡§", TRUE},
};

static gboolean
append_letter (GString *out, const Alphabet *alphabet, guint value)
{
  guint size = (guint)g_utf8_strlen (alphabet->letters, -1);
  guint rounds = (value - 1) / size + 1;
  const char *letter = g_utf8_offset_to_pointer (alphabet->letters, (value - 1) % size);

  if (rounds > (alphabet->repeats ? REPEAT_MAX : 1))
    return FALSE;
  for (guint i = 0; i < rounds; i++)
    g_string_append_len (out, letter, g_utf8_next_char (letter) - letter);
  return TRUE;
}

/* --- digits ------------------------------------------------------------------------------------
 */

/* Decimal in other digits. */
static void
append_digits (GString *out, gunichar zero, guint value)
{
  char digits[16];

  g_snprintf (digits, sizeof digits, "%u", value);
  for (const char *digit = digits; *digit != '\0'; digit++)
    g_string_append_unichar (out, zero + (gunichar)(*digit - '0'));
}

/* 23 as it is said: two ten three. To 99; beyond it digit by digit. */
static void
append_counting (GString *out, const char *zero, guint value)
{
  static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  char plain[16];

  if (value <= 99) {
    if (value >= 20)
      g_string_append (out, digits[value / 10]);
    if (value >= 10)
      g_string_append (out, "十");
    g_string_append (out, digits[value % 10]);
    return;
  }
  g_snprintf (plain, sizeof plain, "%u", value);
  for (const char *digit = plain; *digit != '\0'; digit++)
    g_string_append (out, *digit == '0' ? zero : digits[*digit - '0']);
}

static const char *
ordinal_ending (guint value)
{
  static const char *const endings[] = {"th", "st", "nd", "rd"};

  return value / 10 % 10 == 1 || value % 10 > 3 ? "th" : endings[value % 10];
}

/* Hebrew letters as numbers, to 999. */
static void
append_hebrew (GString *out, guint value)
{
  static const char *const units[] = {"", "א", "ב", "ג", "ד", "ה", "ו", "ז", "ח", "ט"};
  static const char *const tens[] = {"", "י", "כ", "ל", "מ", "נ", "ס", "ע", "פ", "צ"};
  static const char *const hundreds[] = {"", "ק", "ר", "ש", "ת", "תק", "תר", "תש", "תת", "תתק"};
  guint rest = value % 100;

  g_string_append (out, hundreds[value / 100]);
  /* 15 and 16 would spell a name of God */
  if (rest == 15 || rest == 16) {
    g_string_append (out, rest == 15 ? "טו" : "טז");
    return;
  }
  g_string_append (out, tens[rest / 10]);
  g_string_append (out, units[rest % 10]);
}

static gboolean
append_named_digits (GString *out, const char *format, guint value)
{
  static const struct {
    const char *format;
    gunichar zero;
  } scripts[] = {{"decimalFullWidth", 0xff10}, {"decimalFullWidth2", 0xff10},
                 {"thaiNumbers", 0x0e50},      {"hindiNumbers", 0x0966},
                 {"numberInDash", '0'},        {"decimalHalfWidth", '0'}};
  static const char *const counting[] = {"chineseCounting",
                                         "chineseCountingThousand",
                                         "ideographDigital",
                                         "japaneseCounting",
                                         "japaneseDigitalTenThousand",
                                         "taiwaneseCounting",
                                         "taiwaneseCountingThousand",
                                         "taiwaneseDigital",
                                         "koreanDigital2",
                                         "一, 二, 三, ...",
                                         NULL};

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    if (strcmp (scripts[i].format, format) == 0) {
      append_digits (out, scripts[i].zero, value);
      return TRUE;
    }
  if (g_strv_contains (counting, format)) {
    append_counting (out, "〇", value);
    return TRUE;
  }
  return FALSE;
}

static gboolean
append_named (GString *out, const char *format, guint value)
{
  if (value == 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (alphabets); i++)
    if (strcmp (alphabets[i].format, format) == 0)
      return append_letter (out, &alphabets[i], value);
  if (strcmp (format, "hebrew1") == 0 && value < 1000) {
    append_hebrew (out, value);
    return TRUE;
  }
  return append_named_digits (out, format, value);
}

void
numeral_append (GString *out, const char *format, guint value)
{
  if (*format == '\0' || strcmp (format, "none") == 0 || strcmp (format, "bullet") == 0)
    return;
  if (strcmp (format, "upperRoman") == 0 || strcmp (format, "I") == 0)
    append_roman (out, value, TRUE);
  else if (strcmp (format, "lowerRoman") == 0 || strcmp (format, "i") == 0)
    append_roman (out, value, FALSE);
  else if (strcmp (format, "decimalZero") == 0)
    g_string_append_printf (out, "%02u", value);
  else if (strcmp (format, "ordinal") == 0)
    g_string_append_printf (out, "%u%s", value, ordinal_ending (value));
  else if (!append_named (out, format, value))
    g_string_append_printf (out, "%u", value);
}

#include "symbols.h"

#include <string.h>

#define PRIVATE_FIRST 0xf000
#define PRIVATE_LAST 0xf0ff

/* Characters in a row from `first` on; a space stands for one that is not known. */
typedef struct {
  guint first;
  const char *characters;
} Run;

typedef struct {
  const char *font; /* lower case; the beginning of the name */
  const Run *runs;  /* the last has no characters */
} Font;

/* Adobe's Symbol encoding */
static const Run symbol[] = {
    {0x21, "!∀#∃%&∍()∗+,−./0123456789:;<=>?"},
    {0x40, "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"},
    {0x60, "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"},
    {0xa0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵"},
    {0xc0, "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"},
    {0xe0, "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"},
    {0, NULL},
};

static const Run wingdings[] = {
    {0x21,
     "✏✂✁👓🔔📖🕯☎✆✉📧📪📫📬📭📁📂📄🗏🗐🗄⌛⌨🖰🖲"
     "💻"
     "🖴"
     "💾"
     "🖬"
     "✇"
     "✍"},
    {0x40, "✍✌👌👍👎☜☞☝☟✋☺😐☹💣☠⚐⚑✈☼💧❄✝✞✟✠✡☪☯ॐ☸♈♉"},
    {0x60,
     "♊♋♌♍♎♏♐♑♒♓&&●❍■□❐❑❒⬧⧫◆❖⬥⌧⮹⌘❀✿❝❞"},
    {0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"},
    {0x9e, "·•○◯◉◉◎◌▪☐▴✦★✶✴✹✵"},
    {0xb1, "⌖⟡⌑⯑✪✰🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛"},
    {0xd5,
     "⌫⌦◄➢▲▼⮈➲⮉⮋←→↑↓↖↗↙↘⬅➔⬆⬇⬉⬈⬋⬊⇦⇨⇧⇩⇔"
     "⇕"
     "⇖"
     "⇗"
     "⇙"
     "⇘"
     "▫"
     "▫"
     "✗"
     "✓"
     "☒"
     "☑"
     "⊞"},
    {0, NULL},
};

static const Run wingdings2[] = {
    {0x4f, "✗✓☒☑☒☒⊗⊗"}, {0x6a, "①②③④⑤⑥⑦⑧⑨⑩"}, {0x97, "•●"}, {0xa2, "■☐"}, {0, NULL},
};

static const Run webdings[] = {
    {0x33, "◄►▲▼"}, {0x61, "✔"}, {0x63, "☐"}, {0x67, "■"}, {0x6e, "●"}, {0x72, "✗"}, {0, NULL},
};

/* of two that begin alike, the longer first */
static const Font fonts[] = {
    {"wingdings 2", wingdings2}, {"wingdings", wingdings}, {"webdings", webdings},
    {"symbolmt", symbol},        {"symbol", symbol},
};

static const Font *
find_font (const char *name)
{
  if (name == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (fonts); i++)
    if (g_ascii_strncasecmp (name, fonts[i].font, strlen (fonts[i].font)) == 0)
      return &fonts[i];
  return NULL;
}

gboolean
symbol_font_is (const char *font)
{
  return find_font (font) != NULL;
}

gunichar
symbol_to_unicode (const char *font, gunichar code)
{
  const Font *found = find_font (font);

  if (code >= PRIVATE_FIRST && code <= PRIVATE_LAST)
    code -= PRIVATE_FIRST;
  if (found == NULL || code > 0xff)
    return 0;
  if (code == ' ')
    return ' ';
  for (const Run *run = found->runs; run->characters != NULL; run++) {
    glong length = g_utf8_strlen (run->characters, -1);
    gunichar character;

    if (code < run->first || code - run->first >= (gunichar)length)
      continue;
    character =
        g_utf8_get_char (g_utf8_offset_to_pointer (run->characters, (glong)(code - run->first)));
    return character == ' ' ? 0 : character;
  }
  return 0;
}

void
symbol_append_text (GString *out, const char *font, const char *text, gsize bytes)
{
  const char *end = text + bytes;

  while (text < end) {
    gunichar code = g_utf8_get_char_validated (text, end - text);
    gunichar character;

    if (code >= (gunichar)-2) {
      g_string_append_c (out, *text++);
      continue;
    }
    character = symbol_to_unicode (font, code);
    g_string_append_unichar (out, character != 0 ? character : code);
    text = g_utf8_next_char (text);
  }
}

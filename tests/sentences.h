/* sentences.h: a few sentences in many languages, written for the tests of charsets and languages.
 */
#pragma once

typedef struct {
  const char *language; /* BCP 47 */
  const char *charsets; /* legacy ones it was written in, for iconv */
  const char *text;
} Sentences;

/* clang-format off */
static const Sentences sentences[] = {
    {"en", "",
     "The library opens at nine in the morning and closes late in the evening. Whoever wants to borrow "
     "a book needs a card, which costs nothing and is valid for one year."},
    {"fr", "CP1252 ISO-8859-1 ISO-8859-15 CP850 MACINTOSH",
     "La bibliothèque ouvre à neuf heures du matin et ferme très tard le soir. Celui qui désire "
     "emprunter un livre a besoin d'une carte, délivrée gratuitement et valable une année entière."},
    {"de", "CP1252 ISO-8859-1 CP850 MACINTOSH",
     "Die Bücherei öffnet um neun Uhr früh und schließt spät am Abend. Wer Bücher ausleihen möchte, "
     "benötigt einen Ausweis, der nichts kostet und für ein Jahr gültig ist."},
    {"es", "CP1252 ISO-8859-1 CP850 MACINTOSH",
     "La biblioteca abre a las nueve de la mañana y cierra muy tarde. Quien quiera pedir un libro en "
     "préstamo necesitará una tarjeta, que es gratuita y válida durante un año más."},
    {"pt", "CP1252 ISO-8859-1 CP850 MACINTOSH",
     "A biblioteca abre às nove horas da manhã e não fecha antes da noite. Quem quiser emprestar um "
     "livro necessita de um cartão, que é grátis e tem validade até ao fim do próximo verão."},
    {"it", "CP1252 ISO-8859-1",
     "La biblioteca apre alle nove del mattino, perché la città è grande e già a quell'ora c'è gente. "
     "Chi vuole prendere in prestito un libro avrà bisogno di una tessera, che non costerà nulla."},
    {"nl", "CP1252 ISO-8859-1",
     "De bibliotheek gaat om negen uur open en sluit laat in de avond, ook tijdens een reünie of een "
     "financiële conferentie. Wie een boek wil lenen heeft een kaart nodig, die één jaar geldig is."},
    {"sv", "CP1252 ISO-8859-1 CP850",
     "Biblioteket öppnar klockan nio på morgonen och stänger sent på kvällen. Den som vill låna böcker "
     "behöver ett kort, som är gratis och gäller i ett år från och med nästa måndag."},
    {"da", "CP1252 ISO-8859-1 CP850",
     "Biblioteket åbner klokken ni om morgenen og lukker først sent om aftenen. Den, som gerne vil "
     "låne bøger, får brug for et kort, der ikke koster noget og gælder i et helt år."},
    {"fi", "CP1252 ISO-8859-1 CP850",
     "Kirjasto avataan aamulla yhdeksältä ja suljetaan myöhään illalla. Joka haluaa lainata kirjan, "
     "tarvitsee kortin, joka ei maksa mitään ja on voimassa yhden vuoden eli ensi kesään."},
    {"is", "CP1252 ISO-8859-1",
     "Bókasafnið opnar klukkan níu á morgnana og lokar seint á kvöldin. Sá sem vill fá bók að láni "
     "þarf skírteini, sem kostar ekkert og gildir í eitt ár."},
    {"pl", "CP1250 ISO-8859-2 CP852",
     "Biblioteka otwiera się o dziewiątej rano, a zamyka późnym wieczorem. Każdy, kto chce wypożyczyć "
     "książkę, potrzebuje karty, która nic nie kosztuje i jest ważna przez cały następny rok."},
    {"cs", "CP1250 ISO-8859-2 CP852",
     "Knihovna otevírá v devět hodin ráno a zavírá pozdě večer. Kdo si chce půjčit knihu, potřebuje "
     "průkaz, který nic nestojí a platí jeden rok, než se musí znovu prodloužit."},
    {"sk", "CP1250 ISO-8859-2 CP852",
     "Knižnica otvára o deviatej hodine ráno a zatvára neskoro večer. Kto si chce požičať knihu, "
     "potrebuje preukaz, ktorý nič nestojí a platí jeden rok, až kým ho netreba predĺžiť."},
    {"hu", "CP1250 ISO-8859-2 CP852",
     "A könyvtár reggel kilenckor nyit, és késő este zár. Aki könyvet szeretne kölcsönözni, annak "
     "olvasójegyre van szüksége, amely ingyenes, és egy évig érvényes, utána meg kell újítani."},
    {"hr", "CP1250 ISO-8859-2",
     "Knjižnica se otvara u devet sati ujutro, a zatvara kasno navečer. Tko želi posuditi knjigu, treba "
     "člansku iskaznicu, koja ništa ne košta i vrijedi godinu dana. Svatko može također čitati u "
     "čitaonici ili se koristiti računalom, ako nije već zauzeto; djeca će dobiti posebnu knjižicu."},
    {"ro", "CP1250 ISO-8859-2",
     "Biblioteca se deschide la ora nouă dimineaţa şi se închide seara târziu. Cine vrea să împrumute "
     "o carte are nevoie de un permis, care nu costă nimic şi este valabil până la anul."},
    {"et", "CP1257 ISO-8859-13",
     "Raamatukogu avatakse hommikul kell üheksa ja suletakse hilja õhtul. Kes soovib raamatut "
     "laenutada, sellel on vaja kaarti, mis ei maksa midagi ja kehtib järgmise aasta lõpuni."},
    {"lv", "CP1257 ISO-8859-13",
     "Bibliotēka tiek atvērta deviņos no rīta un slēgta vēlu vakarā. Kas vēlas paņemt grāmatu, tam "
     "vajadzīga karte, kura neko nemaksā un ir derīga vienu gadu."},
    {"lt", "CP1257 ISO-8859-13",
     "Biblioteka atsidaro devintą valandą ryto ir užsidaro vėlai vakare. Kas nori pasiskolinti knygą, "
     "tam reikia kortelės, kuri nieko nekainuoja ir galioja vienerius metus."},
    {"tr", "CP1254 ISO-8859-9 CP857",
     "Kütüphane sabah dokuzda açılır ve akşam geç saatte kapanır. Kitap ödünç almak isteyen kişinin "
     "bir karta ihtiyacı vardır; bu kart ücretsizdir ve yalnızca bir yıl geçerlidir."},
    {"vi", "VISCII TCVN",
     "Thư viện mở cửa lúc chín giờ sáng và đóng cửa muộn vào buổi tối. Ai muốn mượn sách cần có một "
     "tấm thẻ, thẻ này không mất tiền và có giá trị trong một năm."},
    {"ru", "CP1251 KOI8-R ISO-8859-5 CP866 IBM855 MAC-CYRILLIC",
     "Библиотека открывается в девять часов утра и закрывается поздно вечером. Тому, кто хочет взять "
     "книгу, нужна карточка, которая ничего не стоит и действует один год."},
    {"uk", "CP1251 KOI8-U",
     "Бібліотека відчиняється о дев'ятій годині ранку і зачиняється пізно ввечері. Тому, хто хоче "
     "взяти книжку, потрібна картка, яка нічого не коштує і діє протягом одного року."},
    {"bg", "CP1251 ISO-8859-5",
     "Библиотеката отваря в девет часа сутринта и затваря късно вечерта. Който иска да заеме книга, "
     "има нужда от карта, която не струва нищо и е валидна за една година."},
    {"el", "CP1253 ISO-8859-7 CP737",
     "Η βιβλιοθήκη ανοίγει στις εννέα το πρωί και κλείνει αργά το βράδυ. Όποιος θέλει να δανειστεί ένα "
     "βιβλίο χρειάζεται μια κάρτα, που δεν κοστίζει τίποτα και ισχύει για έναν χρόνο."},
    {"he", "CP1255 ISO-8859-8 CP862",
     "הספרייה נפתחת בתשע בבוקר ונסגרת מאוחר בערב. מי שרוצה לשאול ספר צריך כרטיס, שאינו עולה דבר ותקף "
     "לשנה אחת בלבד."},
    {"ar", "CP1256 ISO-8859-6",
     "تفتح المكتبة أبوابها في الساعة التاسعة صباحا وتغلق في وقت متأخر من المساء. من يريد أن يستعير "
     "كتابا يحتاج إلى بطاقة لا تكلف شيئا وتصلح لمدة سنة واحدة."},
    {"fa", "CP1256",
     "کتابخانه ساعت نه صبح باز مي‌شود و شب دير بسته مي‌شود. هر کس که بخواهد کتاب بگيرد به کارت نياز "
     "دارد که چيزي نمي‌پردازد و براي يک سال است."},
    {"th", "TIS-620",
     "ห้องสมุดเปิดเวลาเก้าโมงเช้าและปิดตอนค่ำ ผู้ที่ต้องการยืมหนังสือจะต้องมีบัตรสมาชิก ซึ่งไม่มีค่าใช้จ่ายและใช้ได้หนึ่งปี"},
    {"zh", "GB2312 GBK GB18030 HZ",
     "图书馆早上九点开门，晚上很晚才关门。想借书的人需要一张借书卡，这张卡不要钱，可以用一年。"},
    {"zh", "BIG5 EUC-TW",
     "圖書館早上九點開門，晚上很晚才關門。想借書的人需要一張借書卡，這張卡不用錢，可以用一年。"},
    {"ja", "EUC-JP SHIFT_JIS ISO-2022-JP",
     "図書館は朝の九時に開き、夜遅くに閉まります。本を借りたい人にはカードが必要ですが、料金はかからず、一年間使えます。"},
    {"ko", "EUC-KR UHC JOHAB ISO-2022-KR",
     "도서관은 아침 아홉 시에 열고 저녁 늦게 닫습니다. 책을 빌리고 싶은 사람은 카드가 필요한데, 돈이 들지 않고 일 년 동안 쓸 수 있습니다."},
    {"ka", "GEORGIAN-PS",
     "ბიბლიოთეკა დილის ცხრა საათზე იხსნება და საღამოს გვიან იკეტება. ვისაც წიგნის წაღება სურს, ბარათი სჭირდება."},
    {"hy", "ARMSCII-8",
     "Գրադարանը բացվում է առավոտյան ժամը իննին և փակվում է ուշ երեկոյան։ Ով ուզում է գիրք վերցնել, քարտի կարիք ունի։"},
};
/* clang-format on */

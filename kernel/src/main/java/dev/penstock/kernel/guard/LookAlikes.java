package dev.penstock.kernel.guard;

import java.util.List;

/**
 * Letters of other scripts that look like ASCII letters and digits, in either case: what UTS #39
 * ("Unicode Security Mechanisms", confusables) has of Latin beyond ASCII, Greek, Cyrillic, Armenian
 * and Cherokee, and Latin's small capitals. Mathematical, circled and full-width letters are gone
 * from a text in normal form.
 */
final class LookAlikes {

  /** The ASCII letter or digit first, then what looks like it. */
  private static final List<String> ROWS =
      List.of(
          "2ƧꙄꝚ",
          "3ƷȜЗӠꝪꞫ",
          "4Ꮞ",
          "5Ƽ",
          "6бᏮ",
          "8Ȣȣ",
          "9Ꝯ",
          "aɑΑαАаᎪᴀ",
          "bƄʙΒВЬᏏᏴꞴ",
          "cСсᏟᴄꮯ",
          "dԁᎠᏧᴅ",
          "eΕЕеҽᎬᴇꬲ",
          "fϜքẝꜰꞘꞙꬵ",
          "gƍɡɢԌցᏀᏳᶃ",
          "hʜΗНһհᎻᏂ",
          "iıɩɪΙιІіӏᎥꙇꭵ",
          "jͿϳЈјᎫᴊꞲ",
          "kΚКᏦᴋ",
          "lƖǀʟӀᏞ",
          "mΜϺМᎷᴍ",
          "nɴΝոռ",
          "oΟОՕοσоօᴏᴑꬽ",
          "pΡρРрᏢᴘ",
          "qԛգզꞯ",
          "rƦʀгᎡᏒᴦꭇꭈꮁ",
          "sƽЅѕՏᏕᏚꜱꮪ",
          "tΤТᎢᴛ",
          "uʋυՍսᴜꞟꭎꭒ",
          "vνѴѵᏙᴠꮩ",
          "wɯѡԜԝաᎳᏔᴡꮃ",
          "xΧХхꞳ",
          "yɣʏΥγУуҮүᎩᎽᶌỿꭚ",
          "zΖᏃᴢꮓ");

  private static final char[] MEANT = new char[0x10000];

  static {
    for (String row : ROWS) {
      for (int i = 1; i < row.length(); i++) {
        MEANT[row.charAt(i)] = row.charAt(0);
      }
    }
  }

  private LookAlikes() {}

  /** The small ASCII letter or the digit that a character looks like; itself if it does not. */
  static char of(char c) {
    char meant = c < 0x80 ? 0 : MEANT[c];
    return meant == 0 ? c : meant;
  }
}

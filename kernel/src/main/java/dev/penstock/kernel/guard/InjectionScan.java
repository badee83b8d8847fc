package dev.penstock.kernel.guard;

import java.util.ArrayList;
import java.util.List;

/**
 * Phrases by which somebody tries to have a model follow a text instead of those whom it serves
 * (OWASP Top 10 for LLM Applications, LLM01), and the markers by which chat templates tell who
 * speaks. English, German, French and Spanish. It is a list of what is often written, no judgement:
 * it finds the phrase in a text about prompt injection, too, and no attempt in words of its own.
 */
final class InjectionScan {

  /** They tell the model to leave what it was told before. */
  private static final List<String> IGNORE =
      List.of(
          "ignore|disregard|forget|override|bypass|neglect all|any|every|everything? of? the|your|my|these|those|its? previous|prior|above|preceding|earlier|former|foregoing|original|initial|existing|current|system system? instructions|instruction|rules|directions|directives|guidelines|prompts|prompt|commands|restrictions|programming",
          "ignore|disregard|forget all|everything|anything|what that|you|i|we? were|was|have|came|is? been? told|said|written|stated? to? above|before|previously|earlier|prior",
          "disregard the above|preceding|foregoing",
          "do not|never follow|obey the|your|any|all? previous|prior|above|earlier|system|original|other instructions|rules|guidelines|prompt",
          "ignoriere|ignorier|vergiss|missachte|verwirf alle|alles|sämtliche|jede? deine|die|meine|diese? bisherigen|vorherigen|vorigen|obigen|früheren|vorangegangenen|vorhergehenden|ursprünglichen|vorstehenden anweisungen|anweisung|instruktionen|regeln|vorgaben|befehle|anordnungen|prompts",
          "ignoriere|vergiss alles|was was? bisher|vorher|zuvor|davor|oben",
          "ignore|ignorez|ignorer|oublie|oubliez|oublier|néglige toutes|tous|tout? de? les|tes|vos|mes|ces? instructions|consignes|directives|règles|ordres précédentes|précédents|antérieures|antérieurs|initiales|originales|ci",
          "ignore|ignorez|oublie|oubliez tout ce qui|que précède|précédait",
          "ignora|ignore|ignorar|olvida|olvide|olvidar|omite|descarta todas|todos|todo? de? las|los|tus|sus|mis|estas? instrucciones|reglas|directrices|órdenes|indicaciones anteriores|previas|previos|precedentes|originales|iniciales",
          "haz caso omiso de todas? las|tus instrucciones|reglas|indicaciones");

  /** They give it another character, to which its rules are not to apply. */
  private static final List<String> PERSONA =
      List.of(
          "you are|re now|henceforth dan|stan|jailbroken|unrestricted|uncensored|unfiltered",
          "act|behave|respond|answer|pretend|roleplay as|like|to be? dan|stan",
          "you can|will? do anything now",
          "you have no restrictions|limitations|filters|guidelines|constraints",
          "you are|re no longer bound|limited|restricted",
          "you are|re free from|of all|any|your? restrictions|limitations|filters|rules|guidelines",
          "enable|enter|activate|switch the|to|into? dan|jailbreak|god|unrestricted mode",
          "du bist jetzt|nun|ab sofort? dan|uneingeschränkt|unzensiert",
          "tu es désormais|maintenant dan|libre",
          "vous êtes désormais|maintenant dan|libre",
          "ahora eres dan|libre");

  /** They ask for what it was told by those whom it serves. */
  private static final List<String> EXFILTRATION =
      List.of(
          "reveal|show|print|repeat|output|display|tell|give|leak|expose|disclose|write|share|dump us|me? all? of? your|the|its? entire|full|complete|exact|original|actual? system|initial|hidden|secret|developer|internal system|developer? prompt|instructions|instruction|message|prompts",
          "repeat|print|output everything|all? of? the? text|words|instructions|messages|content? above",
          "what is|are|s|was|were your|the system|initial|hidden|secret|original|developer prompt|instructions|message",
          "zeig|zeige|nenne|verrate|wiederhole|gib|drucke mir|uns? alle? deine|deinen|den|die|das? systemprompt|systemanweisungen|systemanweisung|systemnachricht",
          "zeig|zeige|nenne|verrate|wiederhole|gib|drucke mir|uns? alle? deine|deinen|den|die|das? system|geheimen|internen|ursprünglichen prompt|anweisungen|instruktionen",
          "montre|affiche|révèle|répète|donne|imprime moi|nous? tes|ton|le|la|les|ta? prompt|instructions|consignes|invite du|de? système|initial|initiales|cachées|secrètes|internes",
          "muestra|muéstrame|revela|repite|imprime|dime|escribe me? tu|tus|el|las|la? prompt|instrucciones|mensaje del|de? sistema|iniciales|ocultas|secretas|internas");

  /** Of the chat templates of ChatML, Llama 2 and 3, Mistral, Gemma, Phi and Zephyr. */
  private static final List<String> MARKERS =
      List.of(
          "<|im_start|>",
          "<|im_end|>",
          "<|system|>",
          "<|user|>",
          "<|assistant|>",
          "<|endoftext|>",
          "<|start_header_id|>",
          "<|eot_id|>",
          "<start_of_turn>",
          "<end_of_turn>",
          "<<SYS>>",
          "<</SYS>>",
          "[INST]",
          "[/INST]",
          "[SYSTEM_PROMPT]",
          "### System:",
          "### System Prompt:");

  private InjectionScan() {}

  static TextScan create() {
    List<FormScan.Kind> kinds = new ArrayList<>();
    add("ignore-instructions", IGNORE, kinds);
    add("persona", PERSONA, kinds);
    add("prompt-exfiltration", EXFILTRATION, kinds);
    Rule marker = Rule.ofInjection("role-marker");
    for (String each : MARKERS) {
      AsciiSet firsts = AsciiSet.of(each.substring(0, 1));
      kinds.add(new FormScan.Kind(marker, firsts, TokenForm.ofAnyCase(each)));
    }
    return new FormScan(kinds);
  }

  private static void add(String rule, List<String> phrases, List<FormScan.Kind> kinds) {
    for (String phrase : phrases) {
      PhraseForm form = new PhraseForm(phrase);
      kinds.add(new FormScan.Kind(Rule.ofInjection(rule), form.firsts(), form));
    }
  }
}

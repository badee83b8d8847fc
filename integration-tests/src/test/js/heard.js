/**
 * What an application has got of an answer so far. Nothing is judged here: an answer with no end, or
 * with two of them, is told as it is.
 */
export class Heard {
  text = '';
  thoughts = '';
  calls = [];
  ends = [];

  call(index, name) {
    this.calls.push({ index, name, arguments: '' });
  }

  /** Arguments of a call that came before, in pieces of JSON. */
  arguments(index, piece) {
    const call = this.calls.find((each) => each.index === index);
    if (call === undefined) {
      throw new Error(`arguments of a call that did not begin: ${index}`);
    }
    call.arguments += piece;
  }

  /** `words` are those of the dialect, by which the table's own are found. */
  end(word, words) {
    if (!(word in words)) {
      throw new Error(`ended with ${word} (expected: ${Object.keys(words)})`);
    }
    this.ends.push(words[word]);
  }
}

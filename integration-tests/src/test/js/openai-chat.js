import WebSocket from 'ws';
import { Heard } from './heard.js';
import { client, raises } from './openai.js';
import { imageUrl, inWords } from './question.js';

/**
 * Chat Completions of `openai`: chunk by chunk, put together by `.stream()`, or whole; or over a
 * WebSocket, which that SDK has not for them, with `ws` alone.
 */
export const openAiChat = {
  raises: (error) => raises(error) || error instanceof ErrorFrame,

  async raw(question) {
    const heard = new Heard();
    const stream = await client(question).chat.completions.create({ ...about(question), stream: true });
    for await (const chunk of stream) {
      chunk.choices.forEach((choice) => hear(choice, heard));
    }
    return heard;
  },

  async helper(question) {
    const completion = await client(question).chat.completions.stream(about(question)).finalChatCompletion();
    return whole(completion.choices[0]);
  },

  async whole(question) {
    return whole((await client(question).chat.completions.create(about(question))).choices[0]);
  },

  socket(question) {
    const heard = new Heard();
    const { baseUrl, key } = question;
    const socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/chat/completions`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    return new Promise((resolve, reject) => {
      socket.on('open', () => socket.send(JSON.stringify({ id: 1, ...about(question) })));
      socket.on('message', (frame) => {
        const { event, done, error, status } = JSON.parse(frame);
        event?.choices.forEach((choice) => hear(choice, heard));
        if (error) {
          reject(new ErrorFrame(status, error));
        } else if (done) {
          resolve(heard);
        }
      });
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    }).finally(() => socket.close());
  },
};

/** What an exchange over a WebSocket ends with in the place of an end. */
class ErrorFrame extends Error {
  constructor(status, { message }) {
    super(message);
    this.status = status;
  }
}

const ENDS = { stop: 'STOP', length: 'LENGTH', tool_calls: 'TOOLS', content_filter: 'REFUSED' };

function about(question) {
  const { model, subject } = question;
  const text = { type: 'text', text: subject.question };
  const image = { type: 'image_url', image_url: { url: imageUrl(subject) } };
  const report = { name: 'report', strict: true, schema: subject.report };
  return inWords(question, {
    plain: {
      model,
      max_completion_tokens: subject.maxTokens,
      messages: [{ role: 'user', content: subject.question }],
    },
    tools: { tools: [tool('get_weather', subject.city), tool('get_time', subject.nothing)] },
    image: { messages: [{ role: 'user', content: [text, image] }] },
    structured: { response_format: { type: 'json_schema', json_schema: report } },
    reasoning: { reasoning_effort: 'medium' },
    uncarried: { logit_bias: { 1: 2 } },
  });
}

function tool(name, parameters) {
  return { type: 'function', function: { name, parameters } };
}

function hear({ delta, finish_reason: reason }, heard) {
  heard.text += (delta.content ?? '') + (delta.refusal ?? '');
  heard.thoughts += thought(delta);
  for (const call of delta.tool_calls ?? []) {
    if (call.function.name) {
      heard.call(call.index, call.function.name);
    }
    heard.arguments(call.index, call.function.arguments ?? '');
  }
  if (reason) {
    heard.end(reason, ENDS);
  }
}

/** In fields that OpenAI has not, of which vLLM has one and others the other. */
function thought(message) {
  return message.reasoning_content ?? message.reasoning ?? '';
}

function whole({ message, finish_reason: reason }) {
  const heard = new Heard();
  heard.text += (message.content ?? '') + (message.refusal ?? '');
  heard.thoughts += thought(message);
  (message.tool_calls ?? []).forEach((call, index) => {
    heard.call(index, call.function.name);
    heard.arguments(index, call.function.arguments);
  });
  heard.end(reason, ENDS);
  return heard;
}

import { Mistral } from '@mistralai/mistralai';
import { HTTPClientError, MistralError } from '@mistralai/mistralai/models/errors';
import { Heard } from './heard.js';
import { imageUrl, inWords } from './question.js';

/** Chat of `@mistralai/mistralai`, chunk by chunk or whole: it has no helper that puts chunks together. */
export const mistralChat = {
  // What a stream holds is checked by Zod, whose exception comes to the application as it is.
  raises: (error) => error instanceof MistralError || error instanceof HTTPClientError || error.name === 'ZodError',

  async raw(question) {
    const heard = new Heard();
    const stream = await client(question).chat.stream(about(question));
    for await (const { data } of stream) {
      data.choices.forEach((choice) => hear(choice, heard));
    }
    return heard;
  },

  async whole(question) {
    const heard = new Heard();
    const { choices } = await client(question).chat.complete(about(question));
    choices.forEach(({ message, finishReason }) => hear({ delta: message, finishReason }, heard));
    return heard;
  },
};

const ENDS = { stop: 'STOP', length: 'LENGTH', tool_calls: 'TOOLS' };

function client({ baseUrl, key }) {
  return new Mistral({ serverURL: baseUrl, apiKey: key });
}

function about(question) {
  const { model, subject } = question;
  const text = { type: 'text', text: subject.question };
  const image = { type: 'image_url', imageUrl: imageUrl(subject) };
  const report = { name: 'report', strict: true, schemaDefinition: subject.report };
  return inWords(question, {
    plain: {
      model,
      maxTokens: subject.maxTokens,
      messages: [{ role: 'user', content: subject.question }],
    },
    tools: { tools: [tool('get_weather', subject.city), tool('get_time', subject.nothing)] },
    image: { messages: [{ role: 'user', content: [text, image] }] },
    structured: { responseFormat: { type: 'json_schema', jsonSchema: report } },
    reasoning: { reasoningEffort: 'medium' },
    uncarried: { safePrompt: true },
  });
}

function tool(name, parameters) {
  return { type: 'function', function: { name, parameters } };
}

function hear({ delta, finishReason }, heard) {
  if (typeof delta.content === 'string') {
    heard.text += delta.content;
  } else {
    (delta.content ?? []).forEach((chunk) => hearChunk(chunk, heard));
  }
  for (const call of delta.toolCalls ?? []) {
    // Mistral sends each call in one piece, and need not number it.
    heard.call(heard.calls.length, call.function.name);
    heard.arguments(heard.calls.length - 1, call.function.arguments);
  }
  if (finishReason) {
    heard.end(finishReason, ENDS);
  }
}

function hearChunk(chunk, heard) {
  switch (chunk.type) {
    case 'text':
      heard.text += chunk.text;
      break;
    case 'thinking':
      heard.thoughts += chunk.thinking.map((part) => part.text).join('');
      break;
    default:
      throw new Error(`a chunk of type ${chunk.type}`);
  }
}

import Anthropic, { AnthropicError } from '@anthropic-ai/sdk';
import { Heard } from './heard.js';
import { inWords } from './question.js';

/** Messages of `@anthropic-ai/sdk`: event by event, put together by `.stream()`, or whole. */
export const anthropicMessages = {
  raises: (error) => error instanceof AnthropicError,

  async raw(question) {
    const heard = new Heard();
    const stream = await client(question).messages.create({ ...about(question), stream: true });
    for await (const event of stream) {
      hear(event, heard);
    }
    return heard;
  },

  async helper(question) {
    return whole(await client(question).messages.stream(about(question)).finalMessage());
  },

  async whole(question) {
    return whole(await client(question).messages.create(about(question)));
  },
};

const ENDS = { end_turn: 'STOP', max_tokens: 'LENGTH', tool_use: 'TOOLS', refusal: 'REFUSED' };

function client({ baseUrl, key }) {
  return new Anthropic({ baseURL: baseUrl, apiKey: key });
}

function about(question) {
  const { model, subject } = question;
  const text = { type: 'text', text: subject.question };
  const image = {
    type: 'image',
    source: { type: 'base64', media_type: 'image/png', data: subject.pixel },
  };
  return inWords(question, {
    plain: {
      model,
      max_tokens: subject.maxTokens,
      messages: [{ role: 'user', content: subject.question }],
    },
    tools: { tools: [tool('get_weather', subject.city), tool('get_time', subject.nothing)] },
    image: { messages: [{ role: 'user', content: [text, image] }] },
    structured: { output_config: { format: { type: 'json_schema', schema: subject.report } } },
    reasoning: { thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } },
    uncarried: { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
  });
}

function tool(name, schema) {
  return { name, input_schema: schema };
}

function hear(event, heard) {
  switch (event.type) {
    case 'content_block_start':
      if (event.content_block.type === 'tool_use') {
        heard.call(event.index, event.content_block.name);
      }
      break;
    case 'content_block_delta':
      hearDelta(event.delta, event.index, heard);
      break;
    case 'message_delta':
      if (event.delta.stop_reason) {
        heard.end(event.delta.stop_reason, ENDS);
      }
      break;
    default: // tells nothing that the others do not
  }
}

function hearDelta(delta, index, heard) {
  heard.text += delta.text ?? '';
  heard.thoughts += delta.thinking ?? '';
  if (delta.type === 'input_json_delta') {
    heard.arguments(index, delta.partial_json);
  }
}

function whole(message) {
  const heard = new Heard();
  message.content.forEach((block, index) => {
    heard.text += block.text ?? '';
    heard.thoughts += block.thinking ?? '';
    if (block.type === 'tool_use') {
      heard.call(index, block.name);
      heard.arguments(index, JSON.stringify(block.input));
    }
  });
  if (message.stop_reason) {
    heard.end(message.stop_reason, ENDS);
  }
  return heard;
}

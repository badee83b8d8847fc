import OpenAI, { OpenAIError } from 'openai';

/** A client of `openai` as an application makes it. */
export function client({ baseUrl, key }) {
  return new OpenAI({ baseURL: baseUrl, apiKey: key });
}

export function raises(error) {
  return error instanceof OpenAIError;
}

import { Controller, Get } from '@nestjs/common';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers } from '../http/common-results.ts';
import { Routes } from '../http/routes.ts';
import { openApiDocument } from './open-api.ts';

@Controller()
export class DocumentController {
  #answer: Answer | undefined;

  constructor(private readonly routes: Routes) {}

  @Get('openapi.json')
  @Call({
    id: 'getDocument',
    tag: 'Document',
    summary: 'This document',
    access: 'open',
    results: answers('OpenAPI 3.1.', 'Document'),
  })
  document(): Answer {
    this.#answer ??= Answer.read(openApiDocument(this.routes.calls));
    return this.#answer;
  }
}

import { Module } from '@nestjs/common';
import { BundleController } from './bundle.controller.ts';
import { VerifierController } from './verifier.controller.ts';

@Module({ controllers: [BundleController, VerifierController] })
export class BundleModule {}

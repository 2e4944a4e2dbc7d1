import { Controller, Get } from '@nestjs/common';
import { RequirePlan, WixUserAuth } from 'nestjs-wix-auth';

@Controller('reports')
@WixUserAuth()
@RequirePlan('basic', 'pro') // product ids from the app dashboard: one of them
export class ReportsController {
  @Get()
  list() {
    return ['sales'];
  }

  @Get('export')
  @RequirePlan('pro') // class and method must both hold
  export() {
    return 'date,total';
  }
}

import { ConfigModule, ConfigService } from '@nestjs/config';
import { WixAuthModule } from 'nestjs-wix-auth';

export const wixAuth = WixAuthModule.forRootAsync({
  imports: [ConfigModule.forRoot()],
  inject: [ConfigService],
  useFactory: (config: ConfigService) => ({
    appId: config.getOrThrow<string>('WIX_APP_ID'),
    appSecret: config.getOrThrow<string>('WIX_APP_SECRET'),
    apiUrl: config.get<string>('WIX_API_URL'),
  }),
});

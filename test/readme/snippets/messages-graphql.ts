import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Resolver, Subscription } from '@nestjs/graphql';
import { WixIdentity, WixUserAuth } from 'nestjs-wix-auth';

export const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({
  driver: ApolloDriver,
  autoSchemaFile: true,
  subscriptions: { 'graphql-ws': true },
});

@Resolver()
export class StockResolver {
  @Subscription(() => String, { resolve: (value: string) => value })
  @WixUserAuth({ scopes: ['SCOPE.DC-STORES.READ-PRODUCTS'] })
  async *stockChanged(@WixIdentity('instanceId') instanceId: string): AsyncGenerator<string> {
    // From here on by a broker of yours, such as PubSub.
    yield await Promise.resolve(instanceId);
  }
}

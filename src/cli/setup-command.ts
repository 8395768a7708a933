import { type Command, Option } from 'commander';

/** Adds the options of `titanic setup`: one for each answer but the secrets, which must not stand in a command line. */
export function withSetupOptions(command: Command): Command {
  const options = [
    new Option('--env-file <file>', 'where the tokens go').default('.env'),
    new Option('--delivery <way>', "how Slack's requests come").choices(['socket', 'http']),
    new Option('--url <url>', 'with HTTP: where the bot will be, https://HOST/slack/events'),
    new Option('--channel <name|id>', 'where rollouts are announced'),
    new Option('--approvers <group|ids>', 'a user group, or ids of people with commas'),
    new Option('--quorum <n>', 'how many of them a promotion needs'),
    new Option('--operators <group|ids>', 'the same; left out: approvers only'),
    new Option('--region <region>', 'AWS region'),
    new Option('--aws-profile <name>', 'profile that the bot uses'),
    new Option('--infra <folder>', 'where Terraform was applied').default('infra'),
    new Option('--table <name>', 'DynamoDB table of the record'),
    new Option('--execution-role <arn>', 'that SageMaker runs the models with'),
    new Option('--model-package-group <name>', 'in the Model Registry'),
    new Option('--service <name>', 'of a new titanic.yml'),
    new Option('--instance-type <type>', 'of a new service'),
    new Option('--staging-instances <n>', 'of a new service'),
    new Option('--prod-instances <n>', 'of a new service'),
    new Option('--smoke-content-type <type>', 'of a request whose answer is known'),
    new Option('--smoke-body <text>', 'its body'),
    new Option('--smoke-match <pattern>', 'what its right answer fits'),
    new Option('--stdin', 'asks on standard input without a terminal too, one line for each answer'),
    new Option('--force', 'changes files that are there'),
    new Option('--print', 'shows both files and writes none'),
    new Option('--doctor', 'looks afterwards whether everything is there'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}
